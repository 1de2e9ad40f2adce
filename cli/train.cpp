// graft train DATA: a folder of pictures → a run folder with a model.
#include <ATen/Parallel.h>
#include <algorithm>

#include <memory>
#include <nlohmann/json.hpp>

#include "cli/bind_options.h"
#include "cli/record.h"
#include "cli/verbs.h"
#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/device/device.h"
#include "graft/evaluate/visualize.h"
#include "graft/image/encode.h"
#include "graft/models/load.h"
#include "graft/run/run.h"
#include "graft/train/compute.h"
#include "graft/train/trainer.h"

namespace graft::cli {
namespace {

constexpr int batch_pictures = 16;
constexpr int predicted_pictures = 6;  // as the tutorial's visualize_model

struct Arguments {
  std::string data, out;
  GivenOptions given;
};

std::string format(const char* pattern, double a, double b = 0) {
  char text[128];
  std::snprintf(text, sizeof text, pattern, a, b);
  return text;
}

Recipe recipe_of(const GivenOptions& given) {
  Recipe recipe = preset(given_or(given, "preset", Recipe().preset));
  apply_options(options_in(recipe, recipe_options), given);
  return recipe;
}

void say_data(const DataSet& data, Console& console) {
  for (const std::string& warning : data.warnings) console.warn("warning: " + warning);
  console.say("data     " + std::to_string(data.train.samples.size()) + " training and " +
              std::to_string(data.val.samples.size()) + " validation pictures" +
              (data.split ? " (split off the training folder)" : "") + ", " +
              std::to_string(data.train.classes.size()) +
              " classes: " + shorten_list(data.train.classes, 10));
}

void say_network(const Recipe& recipe, const LoadedNetwork& loaded, std::size_t classes, Console& console) {
  console.say("model    " + recipe.model + ", weights " + loaded.weights);
  if (loaded.report.head_replaced) {
    console.say("head     new, " + std::to_string(classes) + " classes (the file's has " +
                std::to_string(loaded.report.file_classes) + ")");
  } else if (loaded.report.file_classes > 0) {
    console.say("head     the file's own, " + std::to_string(classes) + " classes");
  }
  if (recipe.head_start == HeadStart::probe) {
    console.say("probe    the head by logistic regression on " + std::to_string(1 + recipe.views) +
                (recipe.views > 0 ? " views" : " view") + " of each picture");
  }
  if (!recipe.freeze || recipe.epochs == 0) return;
  console.say(
      recipe.frozen_bn == FrozenBn::eval
          ? "frozen   all but the head; batch norm held (--frozen-bn eval)"
          : "frozen   all but the head; batch norm statistics move, as in the tutorial (--frozen-bn update)");
}

void say_probe(const EpochEnd& end, Console& console) {
  const EpochRecord& r = end.record;
  console.say("Probe\n----------");
  console.say(format("train Loss: %.4f Acc: %.4f", r.train_loss, r.train_acc));
  console.say(format("val Loss: %.4f Acc: %.4f", r.val_loss, r.val_acc) + "\n");
}

// The lines of the tutorial.
void say_epoch(const EpochEnd& end, Console& console) {
  const EpochRecord& r = end.record;
  console.say("Epoch " + std::to_string(r.epoch) + "/" + std::to_string(end.epochs - 1) + "\n----------");
  console.say(format("train Loss: %.4f Acc: %.4f", r.train_loss, r.train_acc));
  console.say(format("val Loss: %.4f Acc: %.4f", r.val_loss, r.val_acc) + (end.best ? "  (best)" : "") +
              "\n");
}

void write_picture(const std::filesystem::path& path, const Image& image) {
  replace_file(path, encode_png(image.view()));
}

// What the model file remembers of how it came to be.
std::map<std::string, std::string> training_record(const RunRecord& run, const EpochRecord& best) {
  return {{"data", run.data},
          {"weights", run.weights},
          {"preset", run.recipe.preset},
          {"epoch", std::to_string(best.epoch)},
          {"val_acc", std::to_string(best.val_acc)},
          {"val_loss", std::to_string(best.val_loss)},
          {"seed", std::to_string(run.recipe.seed)},
          {"graft", GRAFT_VERSION},
          {"written", iso_time_now()}};
}

TrainResult train_into(const RunFolder& folder, const RunRecord& run, const DataSet& data, Model& model,
                       const torch::Device& device, Console& console) {
  TrainEvents events;
  events.progress = [&](const Progress& progress) { console.progress(progress); };
  events.epoch_end = [&](const EpochEnd& end) {
    append_history(folder.history(), end.record);
    if (end.best) {
      model.training = training_record(run, end.record);
      save_model(folder.model(), model);
    }
    const bool probe = end.record.epoch == 0 && run.recipe.head_start == HeadStart::probe;
    probe ? say_probe(end, console) : say_epoch(end, console);
  };
  return train_model(model, data.train.samples, data.val.samples, run.recipe, device, events);
}

void report_result(const TrainResult& result, const RunFolder& folder, Console& console) {
  const auto seconds = static_cast<long>(result.seconds);
  console.say("Training complete in " + std::to_string(seconds / 60) + "m " + std::to_string(seconds % 60) +
              "s");
  console.say(format("Best val Acc: %4f", result.best_val_acc) +
              (result.history.size() == 1 ? std::string()
                                          : format(" (epoch %.0f; last epoch %f)", result.best_epoch,
                                                   result.history.back().val_acc)));
  if (result.skipped > 0)
    console.warn("warning: " + std::to_string(result.skipped) +
                 " pictures could not be read and were skipped");
  console.say("run      " + folder.path().string() + ": " + folder.model().filename().string() + ", " +
              folder.batch_picture().filename().string() + ", " +
              folder.predictions_picture().filename().string());
  if (!console.json) return;
  nlohmann::ordered_json json;
  json["best_val_acc"] = result.best_val_acc;
  if (result.probe) json["probe"] = {{"l2", result.probe->l2}, {"cv_loss", result.probe->cv_loss}};
  json["best_epoch"] = result.best_epoch;
  json["last_val_acc"] = result.history.back().val_acc;
  json["seconds"] = result.seconds;
  json["epochs"] = result.history.size();
  json["skipped"] = result.skipped;
  json["run"] = folder.path().string();
  console.result_json(json);
}

void train(const Arguments& arguments, Console& console) {
  RunRecord run{arguments.given, recipe_of(arguments.given), arguments.data, "", "", "", 0};
  Recipe& recipe = run.recipe;
  check_recipe(recipe);
  const ModelSpec& spec = find_model(recipe.model);
  set_compute_threads(recipe.threads);
  const torch::Device device = select_device(recipe.device);
  const DataSet data = open_data_set(arguments.data, recipe.data);
  const RunFolder folder(arguments.out.empty() ? next_run_folder("runs", "train")
                                               : std::filesystem::path(arguments.out));
  say_data(data, console);
  if (disk().info(folder.model())) {
    console.warn("warning: " + folder.path().string() +
                 " holds an earlier run; its model is replaced after the first epoch");
  }

  torch::manual_seed(recipe.seed);
  const auto progress = [&](const Progress& p) { console.progress(p); };
  LoadedNetwork loaded = build_with_weights(spec, static_cast<std::int64_t>(data.train.classes.size()),
                                            recipe.weights, progress);
  loaded.network->to(device);
  run.device = describe_device(device);
  run.weights = loaded.weights;
  run.threads = at::get_num_threads();
  say_network(recipe, loaded, data.train.classes.size(), console);
  const PrecisionChoice precision = resolve_precision(recipe, *loaded.network, device);
  recipe.precision = precision.precision;
  console.say("device   " + run.device);
  run.precision = (precision.precision == Precision::bf16 ? "bf16 (" : "fp32 (") + precision.reason + ")";
  console.say("compute  " + run.precision + "\n");

  folder.begin();
  replace_file(folder.config(), config_json(run, data));
  Model model{spec.name, data.train.classes, spec.preprocess, {}, loaded.network};
  write_picture(folder.batch_picture(), draw_batch(data.train.samples, data.train.classes, spec.preprocess,
                                                   train_loader_options(recipe), batch_pictures));
  const TrainResult result = train_into(folder, run, data, model, device, console);
  write_picture(folder.predictions_picture(),
                draw_predictions(model, data.val.samples, data.val.classes, val_loader_options(recipe),
                                 predicted_pictures, device));
  report_result(result, folder, console);
}

}  // namespace

void add_train(CLI::App& app, Context& context) {
  CLI::App* verb = app.add_subcommand("train", "Train a classifier on a folder of pictures");
  const auto arguments = std::make_shared<Arguments>();
  verb->add_option("DATA", arguments->data, "folder with train/ and val/, or with a folder for each class")
      ->required();
  verb->add_option("--out", arguments->out, "run folder [runs/train, runs/train2, …]")->type_name("FOLDER");
  static Recipe defaults;
  bind_options(*verb, options_in(defaults, recipe_options), arguments->given);
  verb->add_flag("--json", context.console.json, "print one JSON object on standard output");
  verb->callback([arguments, &context] { train(*arguments, context.console); });
}

}  // namespace graft::cli
