// Runs that predict a number for each picture.
#include <algorithm>

#include "graft/core/csv.h"
#include "graft/metrics/number_text.h"
#include "graft/metrics/regression_metrics.h"
#include "graft/run/card_text.h"
#include "graft/run/run_task.h"

namespace graft {
namespace {

void number_complete(const RunFolder& run, const RunConfig&, ValResults& results) {
  const std::string where = run.predictions_csv().string();
  for (std::size_t i = 0; i < results.rows.size(); ++i) {
    const PredictionRow& row = results.rows[i];
    Outcome outcome;
    outcome.index = static_cast<std::uint32_t>(i);
    outcome.loss = row.loss;
    outcome.number = csv_value(row.predicted, "prediction", where);
    outcome.true_number = csv_value(row.label, "label", where);
    results.numbers.push_back(outcome);
  }
}

void number_judge(const Outcomes& outcomes, const std::vector<std::string>&, ValResults& results) {
  results.numbers = outcomes.outcomes;
  for (std::size_t i = 0; i < results.numbers.size(); ++i)
    results.numbers[i].index = static_cast<std::uint32_t>(i);
}

Outcomes number_outcomes(const RunConfig&, const ValResults& results) { return {results.numbers, {}}; }

std::string subject(const RunConfig& config) {
  return config.classes.empty() ? "a number" : card_cell(config.classes.front());
}

std::string number_metric_name(const Metric& metric) { return metric.name; }

std::string number_more_metrics(const ValResults& results) {
  if (results.numbers.empty()) return "";
  const auto [low, high] =
      std::minmax_element(results.numbers.begin(), results.numbers.end(),
                          [](const Outcome& a, const Outcome& b) { return a.true_number < b.true_number; });
  return card_row("mean error (predicted − true)", number_text(mean_error(results.numbers))) +
         card_row("true numbers", number_text(low->true_number) + " to " + number_text(high->true_number));
}

std::string number_section(const ModelCard& card) {
  if (!card.val || card.val->numbers.empty()) return "";
  std::string text = std::string("## Errors\n\n| ") +
                     (card.evaluation.out_of_fold ? "pictures, out of fold" : "validation pictures") +
                     " | absolute error at most |\n|---|---|\n";
  for (const ErrorQuantile& each : error_quantiles(card.val->numbers, {0.5, 0.9, 0.99, 1}))
    text += "| " + std::to_string(static_cast<int>(100 * each.share + 0.5)) + " % | " +
            number_text(each.error) + " |\n";
  return text;
}

}  // namespace

const RunTask number_run = {
    .labels = LabelKind::number,
    .primary_metric = "rmse",
    .metrics = number_values,
    .complete = number_complete,
    .judge = number_judge,
    .outcomes = number_outcomes,
    .subject = subject,
    .purpose = "An image regressor made by transfer learning: it predicts a number for each picture.",
    .chosen_by = "root mean squared error",
    .metric_name = number_metric_name,
    .loss = "loss (squared error in units of the variance of the training numbers)",
    .more_metrics = number_more_metrics,
    .section = number_section,
    .kept_in_file = "preprocessing and the scale of its numbers",
    .evaluated = "labels.csv",
    .limit =
        "It predicts a number for any picture, whatever its content, but was trained only on the range of "
        "numbers of its training pictures.",
};

}  // namespace graft
