// Training with custom parts: pictures in memory, a network, a loss, and an observer of each step; with
// graft's run folder, report, resume and model file.
//
//   custom RUN     RUN: the run folder to create
#include <torch/torch.h>

#include <cstdio>
#include <exception>
#include <memory>
#include <random>
#include <string>

#include "graft/data/dataset.h"
#include "graft/image/image.h"
#include "graft/infer/predictor.h"
#include "graft/models/network.h"
#include "graft/models/registry.h"
#include "graft/session/run.h"

namespace {

constexpr int side = 32;

// Two convolutions. A network implements its features, their description, and a linear head; training, saving
// and Grad-CAM need no more.
class SmallNet : public graft::Network {
 public:
  explicit SmallNet(std::int64_t classes) : classes_(classes) {
    first_ = register_module("first", torch::nn::Conv2d(torch::nn::Conv2dOptions(3, 8, 3).padding(1)));
    second_ = register_module("second", torch::nn::Conv2d(torch::nn::Conv2dOptions(8, 16, 3).stride(2)));
    add_head("head", 16, classes);
  }
  torch::Tensor forward_features(const torch::Tensor& images) override {
    return torch::relu(second_(torch::relu(first_(images))));
  }
  graft::FeatureInfo feature_info() const override { return {.dim = 16, .reduction = 2}; }

 protected:
  std::shared_ptr<graft::Network> make_alike() const override { return std::make_shared<SmallNet>(classes_); }

 private:
  std::int64_t classes_;
  torch::nn::Conv2d first_{nullptr}, second_{nullptr};
};

// A grey image with stripes: horizontal for class 0, vertical for class 1.
graft::Image stripes(std::int64_t target, std::mt19937& random) {
  graft::Image image(side, side);
  const int width = 2 + static_cast<int>(random() % 4), shade = 60 + static_cast<int>(random() % 120);
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side * 3; ++x)
      image.row(y)[x] = static_cast<std::uint8_t>(((target == 0 ? y : x / 3) / width) % 2 == 0 ? shade : 0);
  }
  return image;
}

std::shared_ptr<graft::MemoryDataset> make_pictures(std::size_t count, unsigned seed) {
  auto pictures = std::make_shared<graft::MemoryDataset>();
  std::mt19937 random(seed);
  for (std::size_t i = 0; i < count; ++i) {
    const auto target = static_cast<std::int64_t>(i % 2);
    pictures->add(stripes(target, random).view(), target);
  }
  return pictures;
}

void run(const std::string& folder) {
  graft::register_model({.name = "small_net",
                         .preprocess = {.resize = side, .crop = side},
                         .build = [](const graft::NetworkOptions& options) -> graft::NetworkPtr {
                           return std::make_shared<SmallNet>(options.classes);
                         }});
  graft::TrainRequest request{.recipe = graft::preset("finetune")};
  request.data = graft::OwnData{.train = make_pictures(64, 1),
                                .val = make_pictures(16, 2),
                                .classes = {"across", "down"},
                                .name = "stripes"};
  request.recipe.model = "small_net";
  request.recipe.weights = "none";
  request.recipe.epochs = 4;
  request.recipe.optimizer.lr = 0.05;
  request.recipe.augment = false;
  request.loss = [](const torch::Tensor& logits, const torch::Tensor& targets) {  // a margin per sample
    return torch::multi_margin_loss(logits, targets);
  };

  std::stop_source stop;
  graft::RunObserver observer;
  observer.step_end = [&](const graft::StepEnd& step) {
    if (step.step == step.steps) std::printf("epoch %d: loss %.4f\n", step.epoch, step.loss);
    if (step.epoch == 3) stop.request_stop();  // like Ctrl-C in the third epoch
  };
  observer.stop = stop.get_token();
  graft::Run::create(folder, request, observer).train();

  std::printf("resumed\n");
  graft::Run again = graft::Run::resume(folder, {.data = request.data, .loss = request.loss});
  const graft::TrainResult result = again.train();
  std::printf("best accuracy %.4f; report in %s\n", result.best_value(), again.folder().report().c_str());

  std::mt19937 random(3);
  const graft::Predictor predictor(folder);  // the model file names the registered SmallNet
  const graft::ClassScore best = predictor.classify(stripes(1, random).view()).front();
  std::printf("predicted %s (%.1f%%)\n", predictor.classes()[static_cast<std::size_t>(best.index)].c_str(),
              100 * best.probability);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::fprintf(stderr, "usage: custom RUN\n"), 2;
  try {
    run(argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "custom: %s\n", error.what());
    return 1;
  }
  return 0;
}
