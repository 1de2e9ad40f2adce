// graft eval MODEL DATA: figures of a model on labelled pictures.
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/bind_options.h"
#include "cli/model_argument.h"
#include "cli/verbs.h"
#include "graft/core/error.h"
#include "graft/device/device.h"
#include "graft/evaluate/evaluate.h"
#include "graft/train/recipe.h"

namespace graft::cli {
namespace {

struct Arguments {
  std::string model, data;
  GivenOptions given;
};

void print_json(const Model& model, const Evaluation& evaluation, Console& console) {
  const Confusion confusion =
      confusion_matrix(evaluation.outcomes, static_cast<std::int64_t>(model.classes.size()));
  const auto figures = class_figures(confusion);
  nlohmann::ordered_json json;
  json["accuracy"] = accuracy(evaluation.outcomes);
  json["loss"] = mean_loss(evaluation.outcomes);
  json["count"] = evaluation.outcomes.size();
  json["skipped"] = evaluation.bad.size();
  json["seconds"] = evaluation.seconds;
  json["classes"] = model.classes;
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
  std::snprintf(line, sizeof line, "accuracy %.4f  loss %.4f  %zu pictures in %.1f s\n",
                accuracy(evaluation.outcomes), mean_loss(evaluation.outcomes), evaluation.outcomes.size(),
                evaluation.seconds);
  console.result(line);
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
  Recipe recipe;
  apply_options(options_in(recipe, recipe_options), arguments.given);
  set_compute_threads(recipe.threads);
  const torch::Device device = select_device(recipe.device);
  Model model = open_model(arguments.model);
  model.network->to(device);
  if (!given_or(arguments.given, "fit", "").empty()) model.preprocess.fit = recipe.fit;
  std::vector<std::string> warnings;
  const Folder folder = open_evaluation_folder(arguments.data, model.classes, warnings);
  for (const std::string& warning : warnings) console.warn("warning: " + warning);
  LoaderOptions loading = val_loader_options(recipe);
  loading.cache = "off";  // one pass
  const Loader loader(folder.samples, model.preprocess, loading);
  const Evaluation evaluation =
      evaluate(*model.network, loader, device, "eval", [&](const Progress& p) { console.progress(p); });
  for (const BadImage& bad : evaluation.bad) console.warn("skipped " + bad.message);
  if (evaluation.outcomes.empty()) throw Error(arguments.data, "none of its pictures could be read");
  if (console.json) {
    print_json(model, evaluation, console);
  } else {
    print_table(model, evaluation, console);
  }
}

}  // namespace

void add_eval(CLI::App& app, Context& context) {
  CLI::App* verb = app.add_subcommand("eval", "Measure a model on labelled pictures");
  const auto arguments = std::make_shared<Arguments>();
  verb->add_option("MODEL", arguments->model, "run folder or model file")->required();
  verb->add_option("DATA", arguments->data,
                   "folder with a folder for each class, or one holding val/; or a table of labels (.csv)")
      ->required();
  static Recipe defaults;
  bind_options(*verb, options_in(defaults, recipe_options), arguments->given,
               {"batch_size", "workers", "prefetch", "fit", "skip_bad", "exif", "max_pixels", "decode",
                "device", "threads"});
  verb->add_flag("--json", context.console.json, "print one JSON object on standard output");
  verb->callback([arguments, &context] { eval(*arguments, context.console); });
}

}  // namespace graft::cli
