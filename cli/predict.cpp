// graft predict MODEL PATH...: what a model says of one's own pictures.
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/bind_options.h"
#include "cli/model_argument.h"
#include "cli/verbs.h"
#include "graft/core/csv_write.h"
#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/data/transform.h"
#include "graft/device/device.h"
#include "graft/evaluate/grad_cam.h"
#include "graft/evaluate/predict.h"
#include "graft/image/encode.h"
#include "graft/report/grid.h"
#include "graft/train/recipe.h"

namespace graft::cli {
namespace {

constexpr std::size_t most_tiles = 100;  // a sheet of more is no longer looked at

struct Arguments {
  std::vector<std::string> positional;  // MODEL PATH..., or PATH... with --model
  std::string model, weights = "default", csv, grid, explain;
  int top_k = 0;  // 0: one for people, five for --jsonl and --csv
  bool jsonl = false;
  GivenOptions given;
};

std::string percent(double probability) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f%%", probability * 100);
  return text;
}

nlohmann::ordered_json json_of(const Prediction& prediction, const std::vector<std::string>& classes) {
  nlohmann::ordered_json json;
  json["path"] = prediction.path;
  json["top"] = nlohmann::ordered_json::array();
  for (const Guess& guess : prediction.top) {
    json["top"].push_back({{"index", guess.index},
                           {"class", classes[static_cast<std::size_t>(guess.index)]},
                           {"probability", guess.probability}});
  }
  return json;
}

std::string people_line(const Prediction& prediction, const std::vector<std::string>& classes) {
  std::string line = prediction.path + ": Predicted: ";
  for (std::size_t i = 0; i < prediction.top.size(); ++i) {
    const Guess& guess = prediction.top[i];
    line += (i > 0 ? ", " : "") + classes[static_cast<std::size_t>(guess.index)] + " (" +
            percent(guess.probability) + ")";
  }
  return line;
}

// Where predictions go, one after another, while they are made.
class Output {
 public:
  Output(const Arguments& arguments, const Model& model, const torch::Device& device, Console& console)
      : arguments_(arguments), model_(model), device_(device), console_(console) {
    if (!arguments.csv.empty()) csv_ = "path,rank,index,class,probability\n";
  }

  void add(const Prediction& prediction) {
    if (arguments_.jsonl) {
      console_.result_json(json_of(prediction, model_.classes));
    } else {
      console_.result(people_line(prediction, model_.classes));
    }
    if (!arguments_.csv.empty()) add_csv(prediction);
    const bool drawn = !arguments_.grid.empty() || !arguments_.explain.empty();
    if (drawn && shown_++ < most_tiles) add_tiles(prediction);
  }

  void finish() {
    if (!arguments_.csv.empty()) replace_file(arguments_.csv, csv_);
    if (!arguments_.grid.empty() && !tiles_.empty())
      replace_file(arguments_.grid, encode_png(draw_grid(tiles_).view()));
    if (!arguments_.explain.empty() && !explained_.empty())
      replace_file(arguments_.explain, encode_png(draw_grid(explained_).view()));
  }

 private:
  void add_csv(const Prediction& prediction) {
    for (std::size_t i = 0; i < prediction.top.size(); ++i) {
      const Guess& guess = prediction.top[i];
      csv_ += csv_line({prediction.path, std::to_string(i + 1), std::to_string(guess.index),
                        model_.classes[static_cast<std::size_t>(guess.index)],
                        std::to_string(guess.probability)});
    }
  }

  void add_tiles(const Prediction& prediction) {
    const Guess& best = prediction.top.front();
    const std::string title =
        model_.classes[static_cast<std::size_t>(best.index)] + " " + percent(best.probability);
    Image seen = transform_val(read_image(prediction.path).view(), model_.preprocess);
    if (!arguments_.explain.empty())
      explained_.push_back({explain_picture(model_, seen.view(), device_), title, TitleColor::plain});
    if (!arguments_.grid.empty()) tiles_.push_back({std::move(seen), title, TitleColor::plain});
  }

  const Arguments& arguments_;
  const Model& model_;
  torch::Device device_;
  Console& console_;
  std::string csv_;
  std::size_t shown_ = 0;
  std::vector<Tile> tiles_, explained_;
};

std::vector<std::string> pictures_of(const std::vector<std::string>& paths) {
  std::vector<std::string> pictures;
  for (const std::string& path : paths) {
    for (std::string& picture : list_pictures(path)) pictures.push_back(std::move(picture));
  }
  return pictures;
}

void predict_paths(Arguments arguments, Context& context) {
  std::vector<std::string> paths = arguments.positional;
  std::string model_path = arguments.model;
  if (model_path.empty() && !paths.empty()) {
    model_path = paths.front();
    paths.erase(paths.begin());
  }
  if (paths.empty()) throw UsageError("PATH", "no picture or folder is given", "graft predict MODEL PATH...");
  Recipe recipe;
  apply_options(options_in(recipe, recipe_options), arguments.given);
  set_compute_threads(recipe.threads);
  const torch::Device device = select_device(recipe.device);
  const std::vector<std::string> pictures = pictures_of(paths);
  Model model = arguments.model.empty() ? open_model(model_path)
                                        : open_model_or_name(model_path, arguments.weights, context.console);
  model.network->to(device);
  if (!given_or(arguments.given, "fit", "").empty()) model.preprocess.fit = recipe.fit;
  PredictOptions options;
  options.loader = val_loader_options(recipe);
  options.loader.skip_bad =
      true;  // the good ones are answered; the bad ones are told and make the exit code 1
  options.top_k = arguments.top_k > 0 ? arguments.top_k : (arguments.jsonl || !arguments.csv.empty() ? 5 : 1);
  Output output(arguments, model, device, context.console);
  const auto bad = predict(model, pictures, options, device, [&](const Prediction& p) { output.add(p); });
  output.finish();
  for (const BadImage& each : bad) context.console.warn("graft: " + each.message);
  if (!bad.empty()) context.exit_code = 1;
}

}  // namespace

void add_predict(CLI::App& app, Context& context) {
  CLI::App* verb = app.add_subcommand("predict", "Name what pictures show");
  const auto arguments = std::make_shared<Arguments>();
  verb->add_option("MODEL PATH...", arguments->positional,
                   "run folder or model file, then pictures or folders of them")
      ->required();
  verb->add_option("--model", arguments->model, "an untouched network by name, in place of MODEL")
      ->type_name("NAME");
  verb->add_option("--weights", arguments->weights, "its weights: default, a file or a URL")
      ->type_name("TEXT");
  verb->add_option("--top-k", arguments->top_k, "classes named for each picture [1; 5 with --jsonl or --csv]")
      ->type_name("N")
      ->check(CLI::Range(1, 1'000'000));
  verb->add_flag("--jsonl", arguments->jsonl, "one JSON object a picture on standard output");
  verb->add_option("--csv", arguments->csv, "write a table: path,rank,index,class,probability")
      ->type_name("FILE");
  verb->add_option("--grid", arguments->grid, "draw the pictures with their predictions (PNG)")
      ->type_name("FILE");
  verb->add_option("--explain", arguments->explain,
                   "draw where the network looked for each prediction (Grad-CAM, PNG)")
      ->type_name("FILE");
  static Recipe defaults;
  bind_options(
      *verb, options_in(defaults, recipe_options), arguments->given,
      {"batch_size", "workers", "prefetch", "fit", "exif", "max_pixels", "decode", "device", "threads"});
  verb->callback([arguments, &context] { predict_paths(*arguments, context); });
}

}  // namespace graft::cli
