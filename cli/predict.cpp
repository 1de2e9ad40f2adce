// graft predict MODEL PATH...: what a model says of one's own pictures.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "cli/bind_options.h"
#include "cli/model_argument.h"
#include "cli/output.h"
#include "cli/path_words.h"
#include "cli/verbs.h"
#include "graft/core/csv.h"
#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/data/folder.h"
#include "graft/data/labels.h"
#include "graft/metrics/number_text.h"
#include "graft/report/grid.h"
#include "graft/report/report.h"
#include "graft/session/output_place.h"
#include "graft/session/path_kind.h"
#include "graft/session/predict_pictures.h"

namespace graft::cli {
namespace {

constexpr const char* csv_header = "path,rank,index,class,probability\n";
constexpr const char* number_csv_header = "path,name,number\n";
constexpr std::size_t max_tiles = 100;  // of a sheet

struct Arguments {
  std::vector<std::string> positional;  // MODEL PATH..., or PATH... with --model
  std::string model, weights, csv, grid, explain;
  int top_k = 0;          // 0: one for people, five for --jsonl and --csv
  double threshold = -1;  // as PredictOptions has it
  bool jsonl = false, overwrite = false;
  GivenOptions given;
};

std::string percent(double probability) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f%%", probability * 100);
  return text;
}

int shown_classes(const Arguments& arguments) {
  if (arguments.top_k > 0) return arguments.top_k;
  return arguments.jsonl || !arguments.csv.empty() ? 5 : 1;
}

// Where predictions go, one after another, while they are made.
class Output {
 public:
  Output(const Arguments& arguments, const Outputs& outputs, OpenedModel model, Console& console)
      : arguments_(arguments), outputs_(outputs), model_(std::move(model)), console_(console) {}

  void add(const PictureAnswer& answer) {
    const Prediction& prediction = answer.prediction;
    if (prediction.number && arguments_.top_k > 0)
      throw UsageError("--top-k", "lists classes, and this model predicts a number", "leave it out");
    if (arguments_.jsonl) {
      console_.result_json(json_of(prediction));
    } else {
      console_.result(prediction.path + ": Predicted: " + people_words(prediction));
    }
    if (!arguments_.csv.empty()) add_csv(prediction);
    if (answer.seen) tiles_.push_back({answer.seen->clone(), title_of(prediction), TitleColor::plain});
    if (answer.explained)
      explained_.push_back({answer.explained->clone(), explained_title(prediction), TitleColor::plain});
    ++count_;
  }

  void finish() {
    if (outputs_.has("--csv")) outputs_.write("--csv", csv_.empty() ? csv_header : csv_);
    if (outputs_.has("--grid") && !tiles_.empty()) outputs_.write("--grid", draw_grid(tiles_).view());
    if (outputs_.has("--explain") && !explained_.empty())
      outputs_.write("--explain", draw_grid(explained_).view());
    if (count_ > max_tiles && (!tiles_.empty() || !explained_.empty()))
      console_.warn("warning: the sheet shows the first " + std::to_string(max_tiles) + " of " +
                    std::to_string(count_) + " pictures");
  }

 private:
  const std::string& class_of(const ClassScore& score) const {
    return model_.classes[static_cast<std::size_t>(score.index)];
  }

  // "ants 98.1%, wild 60.2%"; `open` and `close` stand around the probabilities.
  std::string words_of(const std::vector<ClassScore>& scores, const char* open, const char* close) const {
    std::vector<std::string> parts;
    for (const ClassScore& score : scores)
      parts.push_back(class_of(score) + open + percent(score.probability) + close);
    return parts.empty() ? "nothing" : join(parts, ", ");
  }

  std::string people_words(const Prediction& prediction) const {
    if (prediction.number) return model_.classes.front() + " " + number_text(*prediction.number);
    return words_of(arguments_.top_k > 0 ? prediction.top : prediction.named, " (", ")");
  }
  std::string title_of(const Prediction& prediction) const {
    return prediction.number ? number_text(*prediction.number) : words_of(prediction.named, " ", "");
  }
  // The colours are of the first class.
  std::string explained_title(const Prediction& prediction) const {
    return prediction.number ? title_of(prediction) : words_of({prediction.top.front()}, " ", "");
  }

  nlohmann::ordered_json json_of(const Prediction& prediction) const {
    nlohmann::ordered_json json;
    json["path"] = prediction.path;
    if (prediction.number) {
      json["name"] = model_.classes.front();
      json["number"] = *prediction.number;
      return json;
    }
    json["top"] = nlohmann::ordered_json::array();
    for (const ClassScore& score : prediction.top) {
      json["top"].push_back(
          {{"index", score.index}, {"class", class_of(score)}, {"probability", score.probability}});
    }
    json["labels"] = nlohmann::ordered_json::array();
    for (const ClassScore& score : prediction.named) json["labels"].push_back(class_of(score));
    return json;
  }

  void add_csv(const Prediction& prediction) {
    if (csv_.empty()) csv_ = prediction.number ? number_csv_header : csv_header;
    if (prediction.number)
      csv_ += csv_line({prediction.path, model_.classes.front(), csv_number(*prediction.number)});
    for (std::size_t i = 0; i < prediction.top.size(); ++i) {
      const ClassScore& score = prediction.top[i];
      csv_ += csv_line({prediction.path, std::to_string(i + 1), std::to_string(score.index), class_of(score),
                        csv_number(score.probability)});
    }
  }

  const Arguments& arguments_;
  const Outputs& outputs_;
  OpenedModel model_;
  Console& console_;
  std::string csv_;
  std::size_t count_ = 0;
  std::vector<Tile> tiles_, explained_;
};

std::vector<std::string> pictures_of(const std::vector<std::string>& paths) {
  std::vector<std::string> pictures;
  for (const std::string& path : paths) {
    for (std::string& picture : list_pictures(path)) pictures.push_back(std::move(picture));
  }
  return pictures;
}

// Throws UsageError for what cannot be a picture.
void check_paths(const std::vector<std::string>& paths) {
  if (paths.empty()) throw UsageError("PATH", "no picture or folder is given", "graft predict MODEL PATH...");
  for (const std::string& path : paths) {
    if (is_model(path)) throw UsageError(path, "is a model, not a picture", "graft predict MODEL PATH...");
    if (is_label_table(path))
      throw UsageError(path, "is a table, and predict takes pictures and folders of them",
                       "graft eval MODEL " + path + " measures a model on the pictures of a table");
  }
}

// Takes the model off `paths` where --model does not name it.
ModelSource model_of(const Arguments& arguments, std::vector<std::string>& paths) {
  if (!arguments.model.empty())
    return {arguments.model, arguments.weights.empty() ? "default" : arguments.weights};
  ModelSource model;
  if (!paths.empty()) {
    model.name = paths.front();
    paths.erase(paths.begin());
  }
  if (!arguments.weights.empty())
    throw UsageError("--weights", "acts only with --model, which names the network that they are of",
                     "leave it out, or name the network");
  if (is_network_name(model.name))
    throw UsageError(model.name, "is the name of a network, which --model takes",
                     "graft predict --model " + model.name + " PATH...");
  require_model_before("predict", model.name, paths.empty() ? "" : paths.front());
  return model;
}

void predict(const Arguments& arguments, Context& context) {
  Console& console = context.console;
  if (arguments.threshold >= 0 && arguments.top_k > 0 && !arguments.jsonl)
    throw UsageError("--top-k", "lists the first classes whatever --threshold says",
                     "leave one of the two out, or take --jsonl, which has both");
  std::vector<std::string> paths = arguments.positional;
  PredictRequest request;
  request.model = model_of(arguments, paths);
  check_paths(paths);
  Recipe recipe;
  apply_options(options_in(recipe, recipe_options), arguments.given);
  TestTimeOptions test_time;
  apply_options(options_in(test_time, test_time_options), arguments.given);
  request.pictures = pictures_of(paths);
  recipe.loader.skip_bad = true;
  request.options = {shown_classes(arguments), test_time.tta, recipe.loader, recipe.decode.max_pixels,
                     arguments.threshold};
  request.preprocess = asked_preprocess(arguments.given, recipe);
  request.device = recipe.device;
  request.threads = recipe.threads;
  request.draw = !arguments.grid.empty();
  request.explain = !arguments.explain.empty();
  request.max_drawn = max_tiles;
  Outputs outputs(console, arguments.overwrite);
  outputs.add("--csv", arguments.csv, OutputType::table, {csv_header, number_csv_header});
  outputs.add("--grid", arguments.grid, OutputType::picture);
  outputs.add("--explain", arguments.explain, OutputType::picture);
  outputs.keeps_out_of(data_of_run(request.model.name));
  for (const std::string& path : paths) outputs.keeps_out_of_folder(path);
  Observer observer = console.observer();
  observer.reads = [&](const std::vector<std::string>& files) {
    outputs.reads(files);
    outputs.check(arguments.jsonl ? "--jsonl" : "");
  };
  std::optional<Output> output;
  const auto opened = [&](const OpenedModel& model) {
    if (request.draw || request.explain) observer.warn(font_warnings(model.classes));
    output.emplace(arguments, outputs, model, console);
  };
  const auto bad = predict_pictures(
      request, opened, [&](const PictureAnswer& answer) { output->add(answer); }, observer);
  output->finish();
  for (const BadImage& each : bad) console.warn("graft: " + each.message);
  if (!bad.empty()) context.exit_code = 1;
}

}  // namespace

void add_predict(CLI::App& app, Context& context) {
  CLI::App* verb = app.add_subcommand("predict", "Say what pictures show");
  const auto arguments = std::make_shared<Arguments>();
  verb->add_option("MODEL PATH", arguments->positional,
                   "run folder or model file, then pictures or folders of them")
      ->required();
  verb->add_option("--model", arguments->model, "an untouched network by name, in place of MODEL")
      ->type_name(model_type());
  verb->add_option("--weights", arguments->weights,
                   "its weights: default, a name that graft models lists, a file, a run folder or a URL")
      ->type_name(weights_type());
  add_number(*verb, "top_k", arguments->top_k, 1, 1'000'000,
             "classes named for each picture [1; 5 with --jsonl or --csv]");
  add_number(*verb, "threshold", arguments->threshold, 0, 1,
             "where a picture may show several classes: the probability from which one is named [0.5]");
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
  verb->callback([arguments, &context] { predict(*arguments, context); });
}

}  // namespace graft::cli
