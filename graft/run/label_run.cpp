// Runs with any number of classes per picture.
#include <algorithm>
#include <string_view>

#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/run/card_text.h"
#include "graft/run/run_task.h"

namespace graft {
namespace {

void label_complete(const RunFolder& run, const RunConfig&, ValResults& results) {
  if (disk().info(run.label_metrics())) results.label_metrics = read_label_metrics(run.label_metrics());
}

void label_judge(const Outcomes& outcomes, const std::vector<std::string>& classes, ValResults& results) {
  results.label_metrics = named_label_metrics(outcomes.labels, classes);
}

Outcomes label_outcomes(const RunConfig& config, const ValResults& results) {
  const std::size_t classes = config.classes.size();
  if (results.outputs.size() != results.rows.size() * classes) return {};
  Outcomes outcomes;
  outcomes.labels.classes = static_cast<std::int64_t>(classes);
  outcomes.labels.scores = results.outputs;  // logits, which have the order of the probabilities
  for (const PredictionRow& row : results.rows) {
    const std::vector<std::string> names = split(row.label, '|');
    for (const std::string& name : config.classes)
      outcomes.labels.truth.push_back(std::find(names.begin(), names.end(), name) != names.end() ? 1 : 0);
    Outcome outcome;
    outcome.predicted = row.predicted == row.label ? 0 : -1;
    outcomes.outcomes.push_back(outcome);
  }
  return outcomes;
}

std::string label_metric_name(const Metric& metric) {
  return metric.key == std::string_view("acc") ? "pictures with every class right" : metric.name;
}

std::string label_more_metrics(const ValResults&) { return ""; }

std::string label_section(const ModelCard& card) {
  if (!card.val || card.val->label_metrics.empty()) {
    std::string text = "## Classes\n\n| | class | training | validation |\n|---|---|---|---|\n";
    for (std::size_t i = 0; i < card.config.classes.size(); ++i)
      text += class_row(card.config, i, card.config.classes[i]) + "\n";
    return text;
  }
  std::string text = std::string("## Classes\n\n| | class | training | ") +
                     (card.evaluation.out_of_fold ? "out of fold" : "validation") +
                     " | average precision | precision | recall | F1 |\n"
                     "|---|---|---|---|---|---|---|---|\n";
  for (std::size_t i = 0; i < card.val->label_metrics.size(); ++i) {
    const auto& [name, f] = card.val->label_metrics[i];
    const auto held_out = card.evaluation.out_of_fold ? std::optional(f.support) : std::nullopt;
    text += class_row(card.config, i, name, held_out) + " " + card_number(f.average_precision) + " | " +
            card_number(f.precision) + " | " + card_number(f.recall) + " | " + card_number(f.f1) + " |\n";
  }
  return text;
}

}  // namespace

const RunTask label_run = {
    .labels = LabelKind::multi,
    .primary_metric = "map",
    .metrics = label_values,
    .complete = label_complete,
    .judge = label_judge,
    .outcomes = label_outcomes,
    .subject = classes_subject,
    .purpose = "An image classifier made by transfer learning.",
    .chosen_by = "mean average precision",
    .metric_name = label_metric_name,
    .loss = "loss (binary cross entropy)",
    .more_metrics = label_more_metrics,
    .section = label_section,
    .kept_in_file = "classes and preprocessing",
    .evaluated = "folder/",
    .limit = "It predicts yes or no for each of these classes and nothing else about a picture.",
};

}  // namespace graft
