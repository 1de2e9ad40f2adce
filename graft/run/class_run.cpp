// Runs with one class per picture.
#include <map>

#include "graft/run/card_text.h"
#include "graft/run/run_task.h"

namespace graft {
namespace {

void class_judge(const Outcomes&, const std::vector<std::string>& classes, ValResults& results) {
  results.metrics = val_metrics(results.rows, classes);
}

void class_complete(const RunFolder&, const RunConfig& config, ValResults& results) {
  class_judge({}, config.classes, results);
}

// Of which only the accuracy can be computed.
Outcomes class_outcomes(const RunConfig&, const ValResults& results) {
  std::map<std::string, std::int64_t> numbers;
  const auto number_of = [&](const std::string& name) {
    return numbers.emplace(name, static_cast<std::int64_t>(numbers.size())).first->second;
  };
  Outcomes outcomes;
  for (const PredictionRow& row : results.rows) {
    Outcome outcome;
    outcome.label = number_of(row.label);
    outcome.predicted = number_of(row.predicted);
    outcome.loss = row.loss;
    outcomes.outcomes.push_back(outcome);
  }
  return outcomes;
}

std::string class_metric_name(const Metric& metric) { return metric.name; }

std::string class_more_metrics(const ValResults& results) {
  return card_row("expected calibration error, 15 bins", card_number(results.metrics->calibration_error));
}

std::string class_section(const ModelCard& card) {
  const RunConfig& config = card.config;
  const ValMetrics* metrics = card.val ? &*card.val->metrics : nullptr;
  const bool is_folded = metrics != nullptr && card.evaluation.out_of_fold;
  std::string text = std::string("| | class | training | ") + (is_folded ? "out of fold" : "validation") +
                     (metrics != nullptr ? " | precision | recall | F1 |\n|---|---|---|---|---|---|---|\n"
                                         : " |\n|---|---|---|---|\n");
  const std::vector<std::string>& names = metrics != nullptr ? metrics->classes : config.classes;
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += class_row(config, i, names[i],
                      is_folded ? std::optional(metrics->per_class[i].support) : std::nullopt);
    if (metrics != nullptr) {
      const ClassMetrics& f = metrics->per_class[i];
      text +=
          " " + card_number(f.precision) + " | " + card_number(f.recall) + " | " + card_number(f.f1) + " |";
    }
    text += "\n";
  }
  return "## Classes\n\n" + text;
}

}  // namespace

const RunTask class_run = {
    .labels = LabelKind::single,
    .primary_metric = "acc",
    .metrics = class_values,
    .complete = class_complete,
    .judge = class_judge,
    .outcomes = class_outcomes,
    .subject = classes_subject,
    .purpose = "An image classifier made by transfer learning.",
    .chosen_by = "accuracy",
    .metric_name = class_metric_name,
    .loss = "loss (cross entropy)",
    .more_metrics = class_more_metrics,
    .section = class_section,
    .kept_in_file = "classes and preprocessing",
    .evaluated = "folder/",
    .limit =
        "It predicts these classes only: any other picture is assigned to one of them, often with a "
        "high probability.",
};

}  // namespace graft
