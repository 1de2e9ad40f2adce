// Regression: predicted against true numbers, a summary of the errors, the largest errors.
#include <algorithm>
#include <cmath>

#include "graft/metrics/number_text.h"
#include "graft/metrics/regression_metrics.h"
#include "graft/metrics/scale_limits.h"
#include "graft/report/axes.h"
#include "graft/report/charts.h"
#include "graft/report/html_page.h"
#include "graft/report/html_table.h"
#include "graft/report/page_template.h"
#include "graft/report/task_report.h"

namespace graft {
namespace {

// The standard deviation of the true numbers.
double spread_of(const std::vector<Outcome>& outcomes) {
  std::vector<double> numbers;
  for (const Outcome& outcome : outcomes) numbers.push_back(outcome.true_number);
  return numbers.empty() ? 0 : scale_of(numbers).scale;
}

std::string number_tiles(const RunData& run) {
  const EpochRecord* best = best_epoch(run.history);
  if (best == nullptr) return picture_tiles(run.config);
  const auto& held_out = run.evaluation.out_of_fold;
  std::string text;
  for (const auto& [key, value] : held_out ? held_out->metrics : best->val) {
    const Metric& metric = find_metric(key);
    if (!metric.headline) continue;
    text += text.empty() ? primary_tiles(run, metric.heading)
                         : headline((held_out ? "Out-of-fold " : "Validation ") + std::string(metric.heading),
                                    value_text(value, unit_of(metric)), held_out ? "" : "of these weights");
  }
  return text + loss_tile(run, *best) + picture_tiles(run.config);
}

Drawing scatter(const ValResults& results) {
  std::vector<ScatterPoint> points;
  for (std::size_t i = 0; i < results.numbers.size(); ++i) {
    const Outcome& outcome = results.numbers[i];
    points.push_back({outcome.true_number, outcome.number,
                      std::filesystem::path(results.rows[i].path).filename().string()});
  }
  return draw_scatter(points, spread_of(results.numbers));
}

std::string metrics_table(const std::vector<Outcome>& numbers) {
  const RegressionMetrics metrics = regression_metrics(numbers);
  HtmlTable table("Metrics, R² as scikit-learn computes it", {{"metric"}, {"value", true}});
  const auto row = [&](const char* name, double value) {
    table.row();
    table.cell(name);
    table.cell(value_text(value, Unit::plain), value);
  };
  row("R²", metrics.r2);
  row("mean absolute error (MAE)", metrics.mae);
  row("root mean squared error (RMSE)", metrics.rmse);
  row("mean error (predicted − true)", mean_error(numbers));
  return table.str();
}

std::string errors_table(const std::vector<Outcome>& numbers) {
  HtmlTable table(
      "Distribution of the errors: this share of the pictures has at most this absolute error; larger errors "
      "have this "
      "share of "
      "the sum of squared errors",
      {{"pictures"}, {"absolute error", true}, {"squared error beyond", true}});
  for (const ErrorQuantile& each : error_quantiles(numbers, {0.5, 0.75, 0.9, 0.95, 0.99, 1})) {
    table.row();
    table.cell(each.share == 1 ? "all" : value_text(each.share, Unit::share));
    table.cell(value_text(each.error, Unit::plain), each.error);
    table.cell(each.share == 1 ? "" : value_text(each.rest, Unit::share));
  }
  return table.str();
}

std::string scatter_section(const ValResults& results) {
  const auto lost = std::count_if(results.numbers.begin(), results.numbers.end(), [](const Outcome& each) {
    return !std::isfinite(each.number) || !std::isfinite(each.true_number);
  });
  std::string notes;
  if (results.numbers.size() - static_cast<std::size_t>(lost) > max_scatter_points)
    notes += " Some dots in dense regions are not shown.";
  if (lost > 0) notes += " Predictions that are not finite are not shown: " + std::to_string(lost) + ".";
  return fill_block(report_blocks, "scatter",
                    {{"notes", notes},
                     {"chart", Markup{svg(scatter(results))}},
                     {"metrics", Markup{metrics_table(results.numbers)}},
                     {"errors", Markup{errors_table(results.numbers)}}});
}

// Errors that are not finite count as the largest.
double error_of(const Outcome& outcome) {
  const double error = std::abs(outcome.number - outcome.true_number);
  return std::isnan(error) ? INFINITY : error;
}

std::string largest_errors(const RunData& run) {
  const ValResults& results = *run.val;
  std::vector<Outcome> sorted = results.numbers;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Outcome& a, const Outcome& b) { return error_of(a) > error_of(b); });
  std::vector<const PredictionRow*> rows;
  for (const Outcome& outcome : sorted) rows.push_back(&results.rows[outcome.index]);
  const double spread = spread_of(results.numbers);
  const auto words = [&](const PredictionRow& row) {
    const Outcome& outcome = results.numbers[static_cast<std::size_t>(&row - results.rows.data())];
    const std::string truth = number_text(outcome.true_number, spread),
                      predicted = number_text(outcome.number, spread);
    return PictureWords{"a picture with the number " + truth + ", predicted " + predicted,
                        "<b>" + predicted + "</b> predicted<br>true: <b>" + truth + "</b><br>error " +
                            value_text(outcome.number - outcome.true_number, Unit::plain)};
  };
  return fill_block(
      report_blocks, "largest_errors",
      {{"count", std::to_string(rows.size())}, {"pictures", Markup{row_pictures(run, rows, words)}}});
}

std::vector<HtmlSection> number_sections(const RunData& run) {
  if (!run.val || run.val->numbers.empty()) return {};
  return {{"numbers", "Predicted and true numbers", scatter_section(*run.val)},
          {"errors", "Largest errors", largest_errors(run)}};
}

std::vector<ChartFile> number_charts(const ValResults& results) { return {{scatter_png, scatter(results)}}; }

std::string outputs(const RunConfig&) { return "one output"; }

}  // namespace

const TaskReport number_report = {
    .labels = LabelKind::number,
    .runs = "runs of numbers",
    .gives_probabilities = false,
    .tiles = number_tiles,
    .not_known_yet = "Results of single pictures are not shown.",
    .sections = number_sections,
    .charts = number_charts,
    .usage_block = "number_usage",
    .evaluated = "labels.csv",
    .outputs = outputs,
    .shows_batch = "augmented training pictures titled with their numbers",
    .shows_predictions = "validation pictures titled with the predicted number and the true one",
};

}  // namespace graft
