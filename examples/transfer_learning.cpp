// The PyTorch tutorial "Transfer Learning for Computer Vision" in C++: a pretrained network is (1) fine-tuned
// and (2) used as a fixed feature extractor. docs/tutorial.md walks through this file.
//
//   transfer_learning DATA [MODEL [EPOCHS]]     DATA holds train/ and val/, each with a folder for each class
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

#include "graft/core/files.h"
#include "graft/data/folder.h"
#include "graft/device/device.h"
#include "graft/image/codec.h"
#include "graft/infer/predictor.h"
#include "graft/models/load.h"
#include "graft/models/model_file.h"
#include "graft/session/result_texts.h"
#include "graft/session/sheets.h"
#include "graft/train/trainer.h"

namespace {

using graft::Image;
using graft::Model;
using graft::Recipe;

void save_png(const std::string& path, const Image& image) {
  graft::replace_file(path, graft::encode_png(image.view()));
  std::printf("wrote %s\n", path.c_str());
}

// The pretrained network with a new last layer with one output per class of the data.
Model pretrained(const std::string& name, const graft::TrainingData& data, const torch::Device& device) {
  const graft::ModelSpec& spec = graft::find_model(name);
  const auto classes = static_cast<std::int64_t>(data.train.classes.size());
  graft::LoadedNetwork loaded = graft::build_with_weights(spec, classes, "default");
  loaded.network->to(device);
  return {spec.name, data.train.classes, spec.preprocess, {}, loaded.network};
}

void run_scenario(const std::string& name, const std::string& model_name, const Recipe& recipe,
                  const graft::TrainingData& data, const torch::Device& device) {
  Model model = pretrained(model_name, data, device);
  graft::TrainEvents events;
  events.epoch_end = [](const graft::EpochEnd& end) {
    std::printf("%s", graft::to_text(end).c_str());
    std::fflush(stdout);
  };
  const graft::TrainResult result = graft::train_model(model, data.train, data.val, recipe, device, events);
  std::printf("%s", graft::to_text(result).c_str());
  save_png(name + ".png", graft::draw_predictions(model, data.val.samples, data.val.classes, recipe.loader,
                                                  graft::val_pass(recipe), 6, device));
  graft::save_model(name + ".safetensors", model);
}

// Prints the trained model's prediction for one picture.
void predict_picture(const std::string& model_file, const std::string& picture) {
  const graft::Predictor predictor(model_file);
  const graft::ClassScore best = predictor.classify(picture).front();
  std::printf("%s\nPredicted: %s (%.1f%%)\n", picture.c_str(),
              predictor.classes()[static_cast<std::size_t>(best.index)].c_str(), 100 * best.probability);
}

void tutorial(const std::string& folder, const std::string& model_name, int epochs) {
  torch::manual_seed(0);
  const torch::Device device = graft::select_device("auto");
  const graft::TrainingData data = graft::open_data_set(folder);
  std::printf("%zu training and %zu validation images on %s\n", data.train.samples.size(),
              data.val.samples.size(), graft::describe_device(device).c_str());

  Recipe finetune =
      graft::preset("finetune");  // SGD(0.001, momentum 0.9), StepLR(7, 0.1), 25 epochs, batch 4
  finetune.epochs = epochs;
  save_png("batch.png",
           graft::draw_batch(data.train.samples, data.train.classes, graft::find_model(model_name).preprocess,
                             finetune.loader, graft::train_pass(finetune), 4));
  run_scenario("finetune", model_name, finetune, data, device);

  Recipe extract = graft::preset("feature-extract");  // all but the new head is frozen
  extract.frozen_bn = graft::FrozenBn::update;        // as in the tutorial; the default is eval
  extract.epochs = epochs;
  run_scenario("feature-extract", model_name, extract, data, device);

  predict_picture("feature-extract.safetensors", data.val.samples.front().path);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 4) {
    std::fprintf(stderr, "usage: transfer_learning DATA [MODEL [EPOCHS]]\n");
    return 2;
  }
  try {
    tutorial(argv[1], argc > 2 ? argv[2] : "resnet18", argc > 3 ? std::atoi(argv[3]) : 25);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "transfer_learning: %s\n", error.what());
    return 1;
  }
  return 0;
}
