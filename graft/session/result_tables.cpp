// Results of evaluations, comparisons, searches and predictions for people (result_texts.h).
#include <algorithm>

#include "graft/core/error.h"
#include "graft/core/escape.h"
#include "graft/core/processors.h"
#include "graft/core/text.h"
#include "graft/core/version.h"
#include "graft/device/device.h"
#include "graft/metrics/number_text.h"
#include "graft/models/registry.h"
#include "graft/net/hub.h"
#include "graft/session/bench.h"
#include "graft/session/result_texts.h"

namespace graft {
namespace {

double millions(std::int64_t count) { return static_cast<double>(count) / 1e6; }

// The heading of a column of the table of classes, as wide as its numbers.
std::string heading_of(const std::string& column) {
  return column == "average_precision" ? "    AP" : format_text("%7s", column.c_str());
}

std::string class_lines(const ClassTable& table) {
  std::string line;
  for (const std::string& column : table.columns) line += heading_of(column) + " ";
  std::string text = "\n";
  text += escaped_line(line + " support  class");
  for (const ClassTable::Row& row : table.rows) {
    // Of a thousand classes most are not in the data.
    if (row.support == 0 && row.values.front() == 0 && !table.confusion.empty()) continue;
    line.clear();
    for (std::size_t i = 0; i < row.values.size(); ++i)
      line += format_text("%*.4f ", static_cast<int>(heading_of(table.columns[i]).size()), row.values[i]);
    text += escaped_line(line + format_text("%8lld  ", static_cast<long long>(row.support)) + row.name);
  }
  return text;
}

std::string model_line(const std::string& model, int input, double top1, const std::string& weights) {
  return escaped_line(format_text("%-47s %6d  %6s  ", model.c_str(), input,
                                  top1 > 0 ? std::to_string(top1).substr(0, 5).c_str() : "-") +
                      weights);
}

// With its default weights, and a line for each of the others.
std::string model_lines(const ModelSpec& spec) {
  std::string model = format_text("  %-33s %9.1f M", spec.name.c_str(), millions(spec.parameters)), text;
  if (spec.pretrained.empty())
    return model_line(model, spec.preprocess.crop, 0, "none by name: give `weights` FILE");
  for (const PretrainedWeights& each : spec.pretrained) {
    text += model_line(model, each.preprocess.crop, each.top1,
                       each.name + ", " + each.source + ", " + each.licence +
                           (weights_at_hand(each) ? " (in the cache)" : ""));
    model.clear();
  }
  return text;
}

std::string cache_words() {
  try {
    return hub_checkpoints().string();
  } catch (const Error& error) {
    return std::string("none: ") + error.what();
  }
}

}  // namespace

std::string to_text(const EvaluationReport& report) {
  std::string line;
  for (const MetricValue& each : report.metrics) {
    const Metric& metric = find_metric(each.key);
    if (!metric.headline) continue;
    const bool is_primary = line.empty();
    line += std::string(metric.heading) + " " + metric_text(metric, each.value);
    if (const Interval* interval = interval_of(report.intervals, each.key); is_primary && interval != nullptr)
      line += " (95 %: " + interval_text(metric, *interval) + ")";
    line += "  ";
  }
  line += format_text("loss %.4f  %s in %.1f s", mean_loss(report.outcomes),
                      counted(report.outcomes.size(), "picture").c_str(), report.seconds);
  return escaped_line(line) + (report.per_class.rows.empty() ? "" : class_lines(report.per_class));
}

std::string to_text(const Comparison& comparison) {
  std::string text;
  for (const ComparedModel& row : comparison.models) {
    if (!row.problem.empty()) continue;
    const MetricValue& primary = row.metrics.front();
    const std::string_view heading = find_metric(primary.key).heading;
    if (text.empty())
      text = format_text("val %s  val loss  images/s  parameters  model\n",
                         heading == "accuracy" ? "acc" : heading.data());
    text += escaped_line(format_text("%7.4f %9.4f %9.1f %9.1f M  ", primary.value, row.val_loss,
                                     row.images_per_second, millions(row.parameters)) +
                         name_of(row.candidate));
  }
  return text;
}

std::string to_text(const LrSearch& search) {
  return format_text("suggested  `lr` %.2g\nothers     %.2g (steepest fall), %.2g (a tenth of the minimum)\n",
                     search.suggestion.valley, search.suggestion.steep, search.suggestion.minimum);
}

std::string to_text(const Prediction& prediction, const OpenedModel& model, bool ranked) {
  const std::vector<ClassScore>& scores = prediction.set ? *prediction.set
                                          : ranked       ? prediction.top
                                                         : prediction.named;
  const std::string words = prediction.number
                                ? model.classes.front() + " " + number_text(*prediction.number, model.spread)
                                : score_words(scores, model, " (", ")");
  return escaped_line(prediction.path + ": Predicted: " + words +
                      (prediction.known.value_or(true) ? "" : "; unlike the training pictures"));
}

std::string to_text(const BenchRow& row) {
  std::string line = format_text("%-16s", row.name.c_str());
  for (const BenchPass& pass : row.passes)
    line += format_text("%11.1f", static_cast<double>(pass.images) / std::max(pass.seconds, 1e-9));
  return escaped_line(line + "   " + row.what);
}

std::string models_text(const std::vector<std::string>& patterns) {
  std::string text = "model                                parameters  input   top-1  weights\n", family;
  for (const ModelSpec* spec : find_models(patterns)) {
    if (spec->family != family) text += escaped_line(family = spec->family);
    text += model_lines(*spec);
  }
  return text;
}

std::string machine_text() {
  const MachineFacts facts = machine_facts();
  return escaped_line(std::string("graft     ") + version()) + escaped_line("libtorch  " + facts.libtorch) +
         escaped_line("device    " + facts.device) + escaped_line("cores     " + processors().describe()) +
         escaped_line("cpu code  " + facts.cpu_code) + escaped_line("cache     " + cache_words());
}

}  // namespace graft
