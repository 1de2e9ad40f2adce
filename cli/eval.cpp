// graft eval MODEL DATA: the metrics of a model on labelled pictures.
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/bind_options.h"
#include "cli/model_argument.h"
#include "cli/path_words.h"
#include "cli/verbs.h"
#include "graft/core/text.h"
#include "graft/session/evaluate_model.h"

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

std::string part_of(const EvaluationReport& report) {
  return EnumNames<EvaluationPart>::names[static_cast<std::size_t>(report.part)];
}

Confusion confusion_of(const EvaluationReport& report) {
  return confusion_matrix(report.outcomes, static_cast<std::int64_t>(report.classes.size()));
}

// Of a multi-label model the accuracy is the share of the pictures of which every class is right.
nlohmann::ordered_json json_of_all(const EvaluationReport& report) {
  return {{"accuracy", accuracy(report.outcomes)},
          {"loss", mean_loss(report.outcomes)},
          {"split", part_of(report)},
          {"count", report.outcomes.size()},
          {"skipped", report.bad.size()},
          {"seconds", report.seconds},
          {"classes", report.classes}};
}

// The members that both kinds of classes have.
template <class Figures>
nlohmann::ordered_json json_of_class(const std::string& name, const Figures& f) {
  return {{"class", name},
          {"precision", f.precision},
          {"recall", f.recall},
          {"f1", f.f1},
          {"support", f.support}};
}

void print_label_json(const EvaluationReport& report, Console& console) {
  const auto figures = label_figures(report.labels);
  nlohmann::ordered_json json = {{"map", mean_average_precision(figures)}};
  json.update(json_of_all(report));
  json["per_class"] = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < figures.size(); ++i) {
    nlohmann::ordered_json row = {{"class", report.classes[i]},
                                  {"average_precision", figures[i].average_precision}};
    row.update(json_of_class(report.classes[i], figures[i]));
    json["per_class"].push_back(row);
  }
  console.result_json(json);
}

void print_json(const EvaluationReport& report, Console& console) {
  const Confusion confusion = confusion_of(report);
  const auto figures = class_figures(confusion);
  nlohmann::ordered_json json = json_of_all(report);
  json["per_class"] = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < figures.size(); ++i)
    json["per_class"].push_back(json_of_class(report.classes[i], figures[i]));
  json["confusion"] = confusion;
  console.result_json(json);
}

void print_label_table(const EvaluationReport& report, Console& console) {
  const auto figures = label_figures(report.labels);
  char line[256];
  std::snprintf(line, sizeof line, "mAP %.4f  all right %.4f  loss %.4f  %s in %.1f s",
                mean_average_precision(figures), accuracy(report.outcomes), mean_loss(report.outcomes),
                counted(report.outcomes.size(), "picture").c_str(), report.seconds);
  console.result(line);
  console.result("");
  console.result("    AP  precision  recall      f1  support  class");
  for (std::size_t i = 0; i < figures.size(); ++i) {
    const LabelFigures& f = figures[i];
    std::snprintf(line, sizeof line, "%6.4f  %9.4f %7.4f %7.4f %8lld  ", f.average_precision, f.precision,
                  f.recall, f.f1, static_cast<long long>(f.support));
    console.result(line + report.classes[i]);
  }
}

void print_table(const EvaluationReport& report, Console& console) {
  const auto figures = class_figures(confusion_of(report));
  char line[256];
  std::snprintf(line, sizeof line, "accuracy %.4f  loss %.4f  %s in %.1f s", accuracy(report.outcomes),
                mean_loss(report.outcomes), counted(report.outcomes.size(), "picture").c_str(),
                report.seconds);
  console.result(line);
  console.result("");
  console.result("precision  recall      f1  support  class");
  for (std::size_t i = 0; i < figures.size(); ++i) {
    const auto& f = figures[i];
    if (f.support == 0 && f.precision == 0) continue;  // of a thousand classes most are not there
    std::snprintf(line, sizeof line, "%9.4f %7.4f %7.4f %8lld  ", f.precision, f.recall, f.f1,
                  static_cast<long long>(f.support));
    console.result(line + report.classes[i]);
  }
}

void eval(const Arguments& arguments, Console& console) {
  console.words = {{"model", "graft predict --model"}};  // which alone takes the network of bare weights
  require_model_before("eval", arguments.model, arguments.data);
  Recipe recipe;
  apply_options(options_in(recipe, recipe_options), arguments.given);
  EvalOptions options;
  apply_options(options_in(options, eval_options), arguments.given);
  TestTimeOptions test_time;
  apply_options(options_in(test_time, test_time_options), arguments.given);
  const EvaluationReport report = evaluate_model(
      {arguments.model, arguments.data, options.split, recipe.loader, recipe.decode.max_pixels,
       asked_preprocess(arguments.given, recipe), test_time.tta, recipe.device, recipe.threads},
      console.observer());
  if (!report.words.empty())
    console.say("split    " + part_of(report) + ": " + console.in_words(report.words));
  if (report.multi_label) {
    console.json ? print_label_json(report, console) : print_label_table(report, console);
  } else {
    console.json ? print_json(report, console) : print_table(report, console);
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
