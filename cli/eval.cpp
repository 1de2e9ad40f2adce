// graft eval MODEL DATA: figures of a model on labelled pictures.
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/bind_options.h"
#include "cli/evaluation_data.h"
#include "cli/machine.h"
#include "cli/model_argument.h"
#include "cli/path_kind.h"
#include "cli/verbs.h"
#include "graft/core/counted.h"
#include "graft/core/error.h"
#include "graft/data/readable_classes.h"
#include "graft/device/device.h"
#include "graft/device/engine_error.h"
#include "graft/infer/evaluate.h"
#include "graft/infer/test_time.h"
#include "graft/train/recipe.h"

namespace graft::cli {
namespace {

struct EvalOptions {
  EvaluationPart split = EvaluationPart::automatic;
};
constexpr auto eval_options = options_of<EvalOptions>(
    option<&EvalOptions::split>("which part is measured; auto: of a run's own data the pictures that it held "
                                "out, else val where there is one, else all"));

struct Arguments {
  std::string model, data;
  GivenOptions given;
};

nlohmann::ordered_json figures_json(const Model& model, const Evaluation& evaluation,
                                    const std::string& part) {
  nlohmann::ordered_json json;
  json["accuracy"] = accuracy(evaluation.outcomes);
  json["loss"] = mean_loss(evaluation.outcomes);
  json["split"] = part;
  json["count"] = evaluation.outcomes.size();
  json["skipped"] = evaluation.bad.size();
  json["seconds"] = evaluation.seconds;
  json["classes"] = model.classes;
  return json;
}

// Of a multi-label model; its accuracy is the share of the pictures of which every class is told right.
void print_label_json(const Model& model, const Evaluation& evaluation, const std::string& part,
                      Console& console) {
  const auto figures = label_figures(evaluation.labels);
  nlohmann::ordered_json json = {{"map", mean_average_precision(figures)}};
  json.update(figures_json(model, evaluation, part));
  json["per_class"] = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < figures.size(); ++i) {
    json["per_class"].push_back({{"class", model.classes[i]},
                                 {"average_precision", figures[i].average_precision},
                                 {"precision", figures[i].precision},
                                 {"recall", figures[i].recall},
                                 {"f1", figures[i].f1},
                                 {"support", figures[i].support}});
  }
  console.result_json(json);
}

void print_label_table(const Model& model, const Evaluation& evaluation, Console& console) {
  const auto figures = label_figures(evaluation.labels);
  char line[256];
  std::snprintf(line, sizeof line, "mAP %.4f  all right %.4f  loss %.4f  %s in %.1f s",
                mean_average_precision(figures), accuracy(evaluation.outcomes),
                mean_loss(evaluation.outcomes), counted(evaluation.outcomes.size(), "picture").c_str(),
                evaluation.seconds);
  console.result(line);
  console.result("");
  console.result("    AP  precision  recall      f1  support  class");
  for (std::size_t i = 0; i < figures.size(); ++i) {
    const LabelFigures& f = figures[i];
    std::snprintf(line, sizeof line, "%6.4f  %9.4f %7.4f %7.4f %8lld  ", f.average_precision, f.precision,
                  f.recall, f.f1, static_cast<long long>(f.support));
    console.result(line + model.classes[i]);
  }
}

void print_json(const Model& model, const Evaluation& evaluation, const std::string& part, Console& console) {
  const Confusion confusion =
      confusion_matrix(evaluation.outcomes, static_cast<std::int64_t>(model.classes.size()));
  const auto figures = class_figures(confusion);
  nlohmann::ordered_json json = figures_json(model, evaluation, part);
  json["per_class"] = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < figures.size(); ++i) {
    json["per_class"].push_back({{"class", model.classes[i]},
                                 {"precision", figures[i].precision},
                                 {"recall", figures[i].recall},
                                 {"f1", figures[i].f1},
                                 {"support", figures[i].support}});
  }
  json["confusion"] = confusion;
  console.result_json(json);
}

void print_table(const Model& model, const Evaluation& evaluation, Console& console) {
  const Confusion confusion =
      confusion_matrix(evaluation.outcomes, static_cast<std::int64_t>(model.classes.size()));
  const auto figures = class_figures(confusion);
  char line[256];
  std::snprintf(line, sizeof line, "accuracy %.4f  loss %.4f  %s in %.1f s", accuracy(evaluation.outcomes),
                mean_loss(evaluation.outcomes), counted(evaluation.outcomes.size(), "picture").c_str(),
                evaluation.seconds);
  console.result(line);
  console.result("");
  console.result("precision  recall      f1  support  class");
  for (std::size_t i = 0; i < figures.size(); ++i) {
    if (figures[i].support == 0 && figures[i].precision == 0)
      continue;  // of a thousand classes most are not there
    std::snprintf(line, sizeof line, "%9.4f %7.4f %7.4f %8lld  ", figures[i].precision, figures[i].recall,
                  figures[i].f1, static_cast<long long>(figures[i].support));
    console.result(line + model.classes[i]);
  }
}

void eval(const Arguments& arguments, Console& console) {
  require_model_before("eval", arguments.model, arguments.data);
  require_data(arguments.data);
  Recipe recipe;
  apply_options(options_in(recipe, recipe_options), arguments.given);
  use_threads(recipe.threads, console);
  const torch::Device device = select_device(recipe.device);
  Model model = open_model(arguments.model);
  override_preprocess(model, arguments.given, recipe);
  TestTimeOptions test_time;
  apply_options(options_in(test_time, test_time_options), arguments.given);
  EvalOptions options;
  apply_options(options_in(options, eval_options), arguments.given);
  EvaluationData data =
      open_evaluation_data(model, {run_of_model(arguments.model), arguments.data, options.split});
  EvaluationFolder& folder = data.folder;
  if (model.multi_label) make_multi_label(folder);
  for (const std::string& warning : data.warnings) console.warn("warning: " + warning);
  const std::string part = EnumNames<EvaluationPart>::names[static_cast<std::size_t>(folder.part)];
  if (!data.words.empty()) console.say("split    " + part + ": " + data.words);
  const auto source = test_time_source(std::make_shared<const std::vector<Sample>>(folder.samples),
                                       model.preprocess, val_loader_options(recipe), test_time.tta, device);
  const InferenceModel ready =
      with_engine_errors("eval", [&] { return InferenceModel::compile(model, device); });
  const Evaluation evaluation =
      evaluate(ready, *source, {"eval", [&](const Progress& p) { console.progress(p); }, folder.class_sets});
  for (const BadImage& bad : evaluation.bad) console.warn("skipped " + bad.message);
  require_readable(folder, "", evaluation.outcomes.size(), evaluation.bad);
  if (model.multi_label) {
    console.json ? print_label_json(model, evaluation, part, console)
                 : print_label_table(model, evaluation, console);
  } else {
    console.json ? print_json(model, evaluation, part, console) : print_table(model, evaluation, console);
  }
}

}  // namespace

void add_eval(CLI::App& app, Context& context) {
  CLI::App* verb = app.add_subcommand("eval", "Measure a model on labelled pictures");
  const auto arguments = std::make_shared<Arguments>();
  verb->add_option("MODEL", arguments->model, "run folder or model file")->required();
  verb->add_option("DATA", arguments->data,
                   "folder with a folder for each class, or one holding val/; or a table of labels (.csv) "
                   "[the data of the run that MODEL is]");
  static EvalOptions split;
  bind_options(*verb, options_in(split, eval_options), arguments->given);
  static Recipe defaults;
  bind_options(*verb, options_in(defaults, recipe_options), arguments->given,
               {"batch_size", "workers", "prefetch", "fit", "skip_bad", "exif", "alpha", "max_pixels",
                "decode", "device", "threads"});
  static TestTimeOptions test_time;
  bind_options(*verb, options_in(test_time, test_time_options), arguments->given);
  verb->add_flag("--json", context.console.json, "print one JSON object on standard output");
  verb->callback([arguments, &context] { eval(*arguments, context.console); });
}

}  // namespace graft::cli
