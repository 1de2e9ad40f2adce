#include <algorithm>
#include <cmath>

#include "graft/report/axes.h"
#include "graft/report/charts.h"
#include "graft/report/drawing.h"
#include "graft/report/format.h"
#include "graft/report/html.h"
#include "graft/report/html_page.h"
#include "graft/report/html_table.h"
#include "graft/report/page_template.h"
#include "graft/report/palette.h"

namespace graft {
namespace {

// Metrics of both phases come before those of validation only.
std::vector<std::string> val_keys(const std::vector<MetricValues>& train,
                                  const std::vector<MetricValues>& val) {
  std::vector<std::string> keys = metric_keys(val);
  const std::vector<std::string> of_both = metric_keys(train);
  std::stable_partition(keys.begin(), keys.end(), [&](const std::string& key) {
    return std::find(of_both.begin(), of_both.end(), key) != of_both.end();
  });
  return keys;
}

void add_metric(HtmlTable& table, const MetricValues& values, const std::string& key) {
  const double* value = value_of(values, key);
  table.cell(value == nullptr ? "" : value_text(*value, unit_of(find_metric(key))));
}

std::string epochs_table(const RunData& run) {
  std::vector<MetricValues> train_rows, val_rows;
  for (const EpochRecord& r : run.history) {
    train_rows.push_back(r.train);
    val_rows.push_back(r.val);
  }
  const std::vector<std::string> train = metric_keys(train_rows), val = val_keys(train_rows, val_rows);
  std::vector<Column> columns = {{"epoch", true},
                                 {.name = "learning rate", .number = true, .minor = true},
                                 {"training loss", true, training_ink()}};
  for (const std::string& key : train)
    columns.push_back({.name = std::string("training ") + find_metric(key).heading,
                       .number = true,
                       .ink = training_ink(),
                       .minor = true});
  const bool validates =
      std::any_of(run.history.begin(), run.history.end(), [](const EpochRecord& r) { return r.validates(); });
  if (validates) columns.push_back({"validation loss", true, validation_ink()});
  for (const std::string& key : val) {
    const Metric& metric = find_metric(key);
    const bool of_both = std::find(train.begin(), train.end(), key) != train.end();
    columns.push_back({.name = std::string(of_both ? "validation " : "") + metric.heading,
                       .number = true,
                       .ink = validation_ink(),
                       .minor = !metric.headline});
  }
  columns.push_back({.name = "time", .number = true, .minor = true});
  HtmlTable table("Every epoch, as in metrics.jsonl", columns);
  const EpochRecord* best = run.history.size() > 1 ? best_epoch(run.history) : nullptr;
  for (const EpochRecord& r : run.history) {
    table.row(&r == best);
    table.html((&r == best
                    ? (r.replaces ? "<span class=\"best\">kept</span> " : "<span class=\"best\">best</span> ")
                    : "") +
               epoch_cell(r));
    table.cell(r.probe ? "" : value_text(r.lr, Unit::plain));
    table.cell(fixed_text(r.train_loss, 4));
    for (const std::string& key : train) add_metric(table, r.train, key);
    if (validates) table.cell(fixed_text(r.val_loss, 4));
    for (const std::string& key : val) add_metric(table, r.val, key);
    table.cell(duration_text(r.seconds));
  }
  return table.str();
}

// A notice about losses that are not finite.
std::string divergence(const RunData& run) {
  for (const EpochRecord& r : run.history) {
    if (std::isfinite(r.train_loss) && (!r.validates() || std::isfinite(r.val_loss))) continue;
    return notice("From " + epoch_words(r) +
                  " on losses are not finite: training diverged. A smaller learning rate or "
                  "a warm-up may prevent it.");
  }
  return "";
}

}  // namespace

std::string training_section(const RunData& run) {
  if (run.history.empty()) return "";
  const int epochs = count_epochs(run.history);
  const bool probed = find_probe(run.history) != nullptr;
  std::string text = divergence(run);
  // A curve needs two points.
  if (run.history.size() > 1) {
    std::string drawings = svg(draw_losses(run.history));
    for (const Drawing& metric : draw_metrics(run.history)) drawings += svg(metric);
    if (epochs > 1) drawings += svg(draw_learning_rates(run.history));
    text += charts(drawings + svg(draw_times(run.history)));
  }
  if (epochs > 0) text += fill_block(report_blocks, "epochs_note");
  if (probed) text += fill_block(report_blocks, "probe_note");
  const std::string table = epochs_table(run);
  return text + (run.history.size() == 1 ? table : details("Every epoch as a table", table));
}

}  // namespace graft
