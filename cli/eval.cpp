// graft eval MODEL DATA: the metrics of a model on labelled pictures.
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/bind_options.h"
#include "cli/metric_text.h"
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

void print_json(const EvaluationReport& report, Console& console) {
  nlohmann::ordered_json json;
  for (const MetricValue& each : report.metrics) {
    if (find_metric(each.key).headline) json[find_metric(each.key).id] = each.value;
  }
  json["loss"] = mean_loss(report.outcomes);
  json["split"] = part_of(report);
  json["count"] = report.outcomes.size();
  json["trained_on"] = report.trained_on;
  json["skipped"] = report.bad.size();
  json["seconds"] = report.seconds;
  json["classes"] = report.classes;
  const ClassTable& table = report.per_class;
  if (!table.rows.empty()) json["per_class"] = nlohmann::ordered_json::array();
  for (const ClassTable::Row& row : table.rows) {
    nlohmann::ordered_json object = {{"class", row.name}};
    for (std::size_t i = 0; i < row.values.size(); ++i) object[table.columns[i]] = row.values[i];
    object["support"] = row.support;
    json["per_class"].push_back(object);
  }
  if (!table.confusion.empty()) json["confusion"] = table.confusion;
  console.result_json(json);
}

// The heading of a column of the table of classes, as wide as its numbers.
std::string column_words(const std::string& column) {
  if (column == "average_precision") return "    AP";
  return std::string(column.size() < 7 ? 7 - column.size() : 0, ' ') + column;
}

std::string fixed(double value, int width) {
  char text[64];
  std::snprintf(text, sizeof text, "%*.4f", width, value);
  return text;
}

void print_table(const EvaluationReport& report, Console& console) {
  std::string line;
  for (const MetricValue& each : report.metrics) {
    const Metric& metric = find_metric(each.key);
    if (metric.headline) line += std::string(metric.heading) + " " + metric_text(metric, each.value) + "  ";
  }
  char rest[128];
  std::snprintf(rest, sizeof rest, "loss %.4f  %s in %.1f s", mean_loss(report.outcomes),
                counted(report.outcomes.size(), "picture").c_str(), report.seconds);
  console.result(line + rest);
  const ClassTable& table = report.per_class;
  if (table.rows.empty()) return;
  console.result("");
  std::string header;
  for (const std::string& column : table.columns) header += column_words(column) + " ";
  console.result(header + " support  class");
  for (const ClassTable::Row& row : table.rows) {
    // Of a thousand classes most are not there.
    if (row.support == 0 && row.values.front() == 0 && !table.confusion.empty()) continue;
    line.clear();
    for (std::size_t i = 0; i < row.values.size(); ++i)
      line += fixed(row.values[i], static_cast<int>(column_words(table.columns[i]).size())) + " ";
    std::snprintf(rest, sizeof rest, "%8lld  ", static_cast<long long>(row.support));
    console.result(line + rest + row.name);
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
  console.json ? print_json(report, console) : print_table(report, console);
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
