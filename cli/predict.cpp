// graft predict MODEL PATH...: what a model says of one's own pictures.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/bind_options.h"
#include "cli/machine.h"
#include "cli/model_argument.h"
#include "cli/output.h"
#include "cli/path_kind.h"
#include "cli/verbs.h"
#include "graft/core/csv_write.h"
#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/data/labels.h"
#include "graft/data/transform.h"
#include "graft/device/device.h"
#include "graft/device/engine_error.h"
#include "graft/infer/grad_cam.h"
#include "graft/infer/inference_model.h"
#include "graft/infer/predict.h"
#include "graft/report/grid.h"
#include "graft/train/recipe.h"

namespace graft::cli {
namespace {

constexpr const char* csv_header = "path,rank,index,class,probability\n";
constexpr std::size_t most_tiles = 100;  // a sheet of more is no longer looked at

struct Arguments {
  std::vector<std::string> positional;  // MODEL PATH..., or PATH... with --model
  std::string model, weights, csv, grid, explain;
  int top_k = 0;          // 0: one for people, five for --jsonl and --csv
  double threshold = -1;  // of a multi-label model; below 0: one half
  bool jsonl = false, overwrite = false;
  GivenOptions given;
};

std::string percent(double probability) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f%%", probability * 100);
  return text;
}

nlohmann::ordered_json json_of(const std::string& path, const std::vector<ClassScore>& top,
                               const std::vector<std::string>& classes) {
  nlohmann::ordered_json json;
  json["path"] = path;
  add_path_bytes(json, "path_bytes", path);
  json["top"] = nlohmann::ordered_json::array();
  for (const ClassScore& score : top) {
    json["top"].push_back({{"index", score.index},
                           {"class", classes[static_cast<std::size_t>(score.index)]},
                           {"probability", score.probability}});
  }
  return json;
}

std::string people_line(const std::string& path, const std::vector<ClassScore>& top,
                        const std::vector<std::string>& classes) {
  std::vector<std::string> parts;
  for (const ClassScore& score : top)
    parts.push_back(classes[static_cast<std::size_t>(score.index)] + " (" + percent(score.probability) + ")");
  return path + ": Predicted: " + (parts.empty() ? "nothing" : join(parts, ", "));
}

int shown_classes(const Arguments& arguments) {
  if (arguments.top_k > 0) return arguments.top_k;
  return arguments.jsonl || !arguments.csv.empty() ? 5 : 1;
}

// Where predictions go, one after another, while they are made.
class Output {
 public:
  // `max_pixels`: of the pictures that are drawn.
  Output(const Arguments& arguments, const Outputs& outputs, const InferenceModel& model,
         std::uint64_t max_pixels, Console& console)
      : arguments_(arguments),
        outputs_(outputs),
        model_(model),
        decode_(decode_options_of(model.preprocess(), max_pixels)),
        console_(console) {}

  // All classes of a multi-label model are in `prediction`.
  void add(const Prediction& prediction) {
    const std::vector<ClassScore> named = named_of(prediction), top = first_of(prediction);
    if (arguments_.jsonl) {
      auto json = json_of(prediction.path, top, model_.classes());
      if (model_.multi_label()) {
        json["labels"] = nlohmann::ordered_json::array();
        for (const ClassScore& score : named)
          json["labels"].push_back(model_.classes()[static_cast<std::size_t>(score.index)]);
      }
      console_.result_json(json);
    } else {
      console_.result(people_line(prediction.path, arguments_.top_k > 0 ? top : named, model_.classes()));
    }
    if (!arguments_.csv.empty()) add_csv({prediction.path, top});
    const bool drawn = !arguments_.grid.empty() || !arguments_.explain.empty();
    if (drawn && shown_++ < most_tiles) add_tiles(prediction);
  }

  void finish() {
    if (outputs_.has("--csv")) outputs_.write("--csv", csv_);
    if (outputs_.has("--grid") && !tiles_.empty()) outputs_.write("--grid", draw_grid(tiles_).view());
    if (outputs_.has("--explain") && !explained_.empty())
      outputs_.write("--explain", draw_grid(explained_).view());
  }

 private:
  // What the model says is there: its first choice, or what reaches the threshold of a multi-label model.
  std::vector<ClassScore> named_of(const Prediction& prediction) const {
    if (!model_.multi_label()) return {prediction.top.front()};
    const double threshold = arguments_.threshold < 0 ? 0.5 : arguments_.threshold;
    std::vector<ClassScore> named;
    for (const ClassScore& score : prediction.top) {
      if (score.probability >= threshold) named.push_back(score);
    }
    return named;
  }

  std::vector<ClassScore> first_of(const Prediction& prediction) const {
    const auto count = std::min(prediction.top.size(), static_cast<std::size_t>(shown_classes(arguments_)));
    return {prediction.top.begin(), prediction.top.begin() + static_cast<std::ptrdiff_t>(count)};
  }

  void add_csv(const Prediction& prediction) {
    for (std::size_t i = 0; i < prediction.top.size(); ++i) {
      const ClassScore& score = prediction.top[i];
      csv_ += csv_line({prediction.path, std::to_string(i + 1), std::to_string(score.index),
                        model_.classes()[static_cast<std::size_t>(score.index)],
                        std::to_string(score.probability)});
    }
  }

  void add_tiles(const Prediction& prediction) {
    std::vector<std::string> parts;
    for (const ClassScore& score : named_of(prediction))
      parts.push_back(model_.classes()[static_cast<std::size_t>(score.index)] + " " +
                      percent(score.probability));
    const std::string title = parts.empty() ? "nothing" : join(parts, ", ");
    Image seen = transform_val(read_image(prediction.path, decode_).view(), model_.preprocess());
    if (!arguments_.explain.empty())
      explained_.push_back({explain_picture(model_, seen.view()), title, TitleColor::plain});
    if (!arguments_.grid.empty()) tiles_.push_back({std::move(seen), title, TitleColor::plain});
  }

  const Arguments& arguments_;
  const Outputs& outputs_;
  const InferenceModel& model_;
  DecodeOptions decode_;
  Console& console_;
  std::string csv_ = csv_header;
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
  if (arguments.model.empty() && !arguments.weights.empty())
    throw UsageError("--weights", "acts only with --model, which names the network that they are of",
                     "leave it out, or name the network");
  if (arguments.model.empty() && is_network_name(model_path))
    throw UsageError(model_path, "is the name of a network, which --model takes",
                     "graft predict --model " + model_path + " PATH...");
  if (arguments.model.empty())
    require_model_before("predict", model_path, paths.empty() ? "" : paths.front());
  if (paths.empty()) throw UsageError("PATH", "no picture or folder is given", "graft predict MODEL PATH...");
  for (const std::string& path : paths) {
    if (is_model(path)) throw UsageError(path, "is a model, not a picture", "graft predict MODEL PATH...");
    if (is_label_table(path))
      throw UsageError(path, "is a table, and predict takes pictures and folders of them",
                       "graft eval MODEL " + path + " measures a model on the pictures of a table");
  }
  Recipe recipe;
  apply_options(options_in(recipe, recipe_options), arguments.given);
  use_threads(recipe.threads, context.console);
  const torch::Device device = select_device(recipe.device);
  const std::vector<std::string> pictures = pictures_of(paths);
  Outputs outputs(context.console, arguments.overwrite);
  outputs.add("--csv", arguments.csv, OutputType::table, csv_header);
  outputs.add("--grid", arguments.grid, OutputType::picture);
  outputs.add("--explain", arguments.explain, OutputType::picture);
  outputs.reads(model_file(model_path));
  outputs.reads(arguments.weights);
  for (const std::string& picture : pictures) outputs.reads(picture);
  outputs.check(arguments.jsonl ? "--jsonl" : "");
  Model model =
      arguments.model.empty()
          ? open_model(model_path)
          : open_model_or_name(model_path, arguments.weights.empty() ? "default" : arguments.weights,
                               context.console);
  override_preprocess(model, arguments.given, recipe);
  if (arguments.threshold >= 0 && !model.multi_label)
    throw UsageError("--threshold", "is for multi-label models, and this one names one class a picture",
                     "leave it out");
  if (arguments.threshold >= 0 && arguments.top_k > 0 && !arguments.jsonl)
    throw UsageError("--top-k", "lists the first classes whatever --threshold says",
                     "leave one of the two out, or take --jsonl, which has both");
  PredictOptions options;
  options.loader = val_loader_options(recipe);
  options.loader.skip_bad =
      true;  // the good ones are answered; the bad ones are told and make the exit code 1
  options.top_k = model.multi_label ? static_cast<int>(model.classes.size()) : shown_classes(arguments);
  TestTimeOptions test_time;
  apply_options(options_in(test_time, test_time_options), arguments.given);
  options.tta = test_time.tta;
  if (!arguments.grid.empty() || !arguments.explain.empty()) warn_of_fonts(model.classes, context.console);
  const InferenceModel ready =
      with_engine_errors("prediction", [&] { return InferenceModel::compile(model, device); });
  Output output(arguments, outputs, ready, options.loader.max_pixels, context.console);
  const auto bad = predict(ready, pictures, options, [&](const Prediction& p) { output.add(p); });
  output.finish();
  for (const BadImage& each : bad) context.console.warn("graft: " + each.message);
  if (!bad.empty()) context.exit_code = 1;
}

}  // namespace

void add_predict(CLI::App& app, Context& context) {
  CLI::App* verb = app.add_subcommand("predict", "Name what pictures show");
  const auto arguments = std::make_shared<Arguments>();
  verb->add_option("MODEL PATH", arguments->positional,
                   "run folder or model file, then pictures or folders of them")
      ->required();
  verb->add_option("--model", arguments->model, "an untouched network by name, in place of MODEL")
      ->type_name(model_type());
  verb->add_option("--weights", arguments->weights, "its weights: default, a file, a run folder or a URL")
      ->type_name(weights_type());
  add_number(*verb, "top_k", arguments->top_k, 1, 1'000'000,
             "classes named for each picture [1; 5 with --jsonl or --csv]");
  add_number(*verb, "threshold", arguments->threshold, 0, 1,
             "of a multi-label model: the probability from which a class is named [0.5]");
  verb->add_flag("--jsonl", arguments->jsonl, "one JSON object a picture on standard output");
  verb->add_option("--csv", arguments->csv,
                   "write a table: path,rank,index,class,probability; - is standard output")
      ->type_name("FILE");
  verb->add_option("--grid", arguments->grid, "draw the pictures with their predictions: .png or .jpg")
      ->type_name("FILE");
  verb->add_option("--explain", arguments->explain,
                   "draw where the network looked for each prediction (Grad-CAM): .png or .jpg")
      ->type_name("FILE");
  verb->add_flag("--overwrite", arguments->overwrite,
                 "let --csv, --grid and --explain replace files of another kind");
  static Recipe defaults;
  bind_options(*verb, options_in(defaults, recipe_options), arguments->given,
               {"batch_size", "workers", "prefetch", "fit", "exif", "alpha", "max_pixels", "decode", "device",
                "threads"});
  static TestTimeOptions test_time;
  bind_options(*verb, options_in(test_time, test_time_options), arguments->given);
  verb->callback([arguments, &context] { predict_paths(*arguments, context); });
}

}  // namespace graft::cli
