// graft eval MODEL DATA: the metrics of a model on labelled pictures.
#include "cli/bind_options.h"
#include "cli/command_line.h"
#include "cli/verbs.h"
#include "graft/core/text.h"
#include "graft/session/result_texts.h"

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

// The heading of a column of the table of classes, as wide as its numbers.
std::string column_words(const std::string& column) {
  if (column == "average_precision") return "    AP";
  return std::string(column.size() < 7 ? 7 - column.size() : 0, ' ') + column;
}

void print_table(const EvaluationReport& report, Console& console) {
  std::string line;
  for (const MetricValue& each : report.metrics) {
    const Metric& metric = find_metric(each.key);
    if (metric.headline) line += std::string(metric.heading) + " " + metric_text(metric, each.value) + "  ";
  }
  console.result(line + format("loss %.4f  %s in %.1f s", mean_loss(report.outcomes),
                               counted(report.outcomes.size(), "picture").c_str(), report.seconds));
  const ClassTable& table = report.per_class;
  if (table.rows.empty()) return;
  console.result("");
  line.clear();
  for (const std::string& column : table.columns) line += column_words(column) + " ";
  console.result(line + " support  class");
  for (const ClassTable::Row& row : table.rows) {
    // Of a thousand classes most are not there.
    if (row.support == 0 && row.values.front() == 0 && !table.confusion.empty()) continue;
    line.clear();
    for (std::size_t i = 0; i < row.values.size(); ++i)
      line += format("%*.4f ", static_cast<int>(column_words(table.columns[i]).size()), row.values[i]);
    console.result(line + format("%8lld  ", static_cast<long long>(row.support)) + row.name);
  }
}

void eval(const Arguments& arguments, Console& console) {
  console.words = {{"model", "graft predict --model"}};  // which alone takes the network of bare weights
  require_model_before("eval", arguments.model, arguments.data);
  const Recipe recipe = options_from<Recipe>(recipe_options, arguments.given);
  const EvaluationReport report = evaluate_model(
      {arguments.model, arguments.data, options_from<EvalOptions>(eval_options, arguments.given).split,
       recipe.loader, recipe.decode.max_pixels, asked_preprocess(arguments.given, recipe),
       options_from<TestTimeOptions>(test_time_options, arguments.given).tta, recipe.device, recipe.threads},
      console.observer());
  if (!report.words.empty()) {
    const char* part = EnumNames<EvaluationPart>::names[static_cast<std::size_t>(report.part)];
    console.say(format("split    %s: ", part) + console.in_words(report.words));
  }
  console.json ? console.result(to_json(report)) : print_table(report, console);
}

}  // namespace

void add_eval(CLI::App& app, Console& console) {
  auto [verb, arguments] = add_verb(app, console, "eval", "Measure a model on labelled pictures", eval);
  verb.add_option("MODEL", arguments.model, "run folder or model file")->required();
  verb.add_option("DATA", arguments.data,
                  "folder with a folder for each class, or one holding val/; or a table of labels (.csv) "
                  "[the data of the run that MODEL is]");
  bind_options<EvalOptions>(verb, eval_options, arguments.given);
  bind_options<Recipe>(verb, recipe_options, arguments.given,
                       {"batch_size", "workers", "prefetch", "fit", "skip_bad", "exif", "alpha", "max_pixels",
                        "decode", "device", "threads"});
  bind_options<TestTimeOptions>(verb, test_time_options, arguments.given);
  verb.add_flag("--json", console.json, "print one JSON object on standard output");
}

}  // namespace graft::cli
