// graft predict MODEL PATH...: the predictions of a model for pictures.
#include "cli/bind_options.h"
#include "cli/command_line.h"
#include "cli/verbs.h"
#include "graft/core/error.h"
#include "graft/core/shell_word.h"
#include "graft/data/labels.h"
#include "graft/session/output_place.h"
#include "graft/session/path_kind.h"
#include "graft/session/result_texts.h"

namespace graft::cli {
namespace {

struct PredictArguments {
  std::vector<std::string> positional;  // MODEL PATH..., or PATH... with --model
  ModelSource model;                    // of --model
  std::string csv, grid, explain;
  int top_k = 0;          // 0: 1, or 5 with --jsonl or --csv
  double threshold = -1;  // as in PredictOptions
  double coverage = 0;    // as in PredictOptions
  bool jsonl = false, overwrite = false;
  GivenOptions given;
};

void print(const Prediction& prediction, const OpenedModel& model, const PredictArguments& arguments,
           Console& console) {
  if (prediction.number && arguments.top_k > 0)
    throw UsageError("--top-k", "lists classes, and this model predicts a number", "leave it out");
  if (arguments.jsonl) return console.result(to_json(prediction, model));
  console.result_lines(to_text(prediction, model, arguments.top_k > 0));
}

// Throws UsageError for what cannot be a picture.
void check_paths(const std::vector<std::string>& paths) {
  if (paths.empty()) throw UsageError("PATH", "no picture or folder is given", "graft predict MODEL PATH...");
  for (const std::string& path : paths) {
    if (is_model_without_pictures(path))
      throw UsageError(path, "is a model, not a picture", "graft predict MODEL PATH...");
    if (kind_of(path) != PathKind::nothing && is_label_table(path))
      throw UsageError(
          path, "is a table, and predict takes pictures and folders of them",
          "graft eval MODEL " + shell_word(path) + " measures a model on the pictures of a table");
  }
}

// Removes the model from `paths` where --model does not name it.
ModelSource model_of(const PredictArguments& arguments, std::vector<std::string>& paths) {
  if (!arguments.model.name.empty()) return arguments.model;
  const std::string model = paths.front();
  paths.erase(paths.begin());
  if (is_network_name(model))
    throw UsageError(model, "is the name of a network, which --model takes",
                     "graft predict --model " + model + " PATH...");
  require_model_before("predict", model, paths.empty() ? "" : paths.front());
  return {model};
}

PredictRequest request_of(const PredictArguments& arguments, std::vector<std::string>& paths) {
  PredictRequest request;
  request.model = model_of(arguments, paths);
  check_paths(paths);
  const AskedPrediction asked = asked_prediction(arguments.given);
  const int classes = arguments.jsonl || !arguments.csv.empty() ? 5 : 1;
  request.pictures = paths;
  request.options = {arguments.top_k > 0 ? arguments.top_k : classes,
                     asked.tta,
                     asked.loader,
                     asked.max_pixels,
                     arguments.threshold,
                     arguments.coverage};
  request.options.loader.skip_bad = true;
  request.preprocess = asked.preprocess;
  request.device = asked.device;
  request.threads = asked.threads;
  return request;
}

void predict(const PredictArguments& arguments, Console& console) {
  if (arguments.threshold >= 0 && arguments.top_k > 0 && !arguments.jsonl)
    throw UsageError("--top-k", "lists the first classes whatever --threshold says",
                     "leave one of the two out, or take --jsonl, which has both");
  if (arguments.coverage > 0 && arguments.top_k > 0 && !arguments.jsonl)
    throw UsageError("--top-k", "lists the first classes, and --coverage those of the prediction set",
                     "leave one of the two out, or take --jsonl, which has both");
  std::vector<std::string> paths = arguments.positional;
  const PredictRequest request = request_of(arguments, paths);
  Outputs outputs(console, arguments.overwrite, arguments.jsonl ? "jsonl" : "");
  outputs.add("csv", arguments.csv, OutputType::table,
              {class_rows_header, number_rows_header, earlier_class_rows_header, earlier_number_rows_header});
  outputs.add("grid", arguments.grid, OutputType::picture);
  outputs.add("explain", arguments.explain, OutputType::picture);
  outputs.keeps_out_of(data_of_run(request.model.name));
  for (const std::string& path : paths) outputs.keeps_out_of_folder(path);
  OpenedModel model;
  const auto bad = predict_to_files(
      request, outputs, [&](const OpenedModel& opened) { model = opened; },
      [&](const PictureAnswer& answer) { print(answer.prediction, model, arguments, console); },
      console.observer());
  for (const BadImage& each : bad) console.warn("graft: " + each.message);
  if (!bad.empty()) console.exit_code = 1;
}

}  // namespace

void add_predict(CLI::App& app, Console& console) {
  auto [verb, arguments] = add_verb(app, console, "predict", "Predict what pictures show", predict);
  verb.add_option("MODEL PATH", arguments.positional,
                  "run folder or model file, then pictures or folders of them")
      ->required();
  CLI::Option* model = verb.add_option("--model", arguments.model.name,
                                       "a network's name or hf-hub:OWNER/NAME, in place of MODEL")
                           ->type_name(braces(model_names()));
  verb.add_option("--weights", arguments.model.weights,
                  "its weights: default, a name of graft models, a file, a run, a URL or hf-hub:OWNER/NAME")
      ->type_name(weights_type)
      ->needs(model);
  add_value(verb, "top_k", arguments.top_k, "classes named for each picture [1; 5 with --jsonl or --csv]", 1,
            1'000'000);
  add_value(verb, "threshold", arguments.threshold,
            "where a picture may show several classes: the probability from which one is named [0.5]", 0, 1);
  add_value(verb, "coverage", arguments.coverage,
            "name the smallest set of classes that has the right one with this probability, such as 0.9",
            0.01, 0.999);
  verb.add_flag("--jsonl", arguments.jsonl, "one JSON object a picture on standard output");
  verb.add_option(
          "--csv", arguments.csv,
          "write a table: path,rank,index,class,probability,known,unknown_score; - is standard output")
      ->type_name("FILE");
  verb.add_option("--grid", arguments.grid, "draw the pictures with their predictions: .png or .jpg")
      ->type_name("FILE");
  verb.add_option("--explain", arguments.explain,
                  "draw where the network looked for each prediction (Grad-CAM): .png or .jpg")
      ->type_name("FILE");
  verb.add_flag("--overwrite", arguments.overwrite,
                "let --csv, --grid and --explain replace files of another kind");
  bind_options<Recipe>(verb, console, recipe_options, arguments.given,
                       {"batch_size", "workers", "prefetch", "fit", "exif", "alpha", "max_pixels", "decode",
                        "device", "threads"});
  for (const char* own : {"--fit", "--alpha", "--decode"}) verb.get_option(own)->default_str("the model's");
  bind_options<TestTimeOptions>(verb, console, test_time_options, arguments.given);
}

}  // namespace graft::cli
