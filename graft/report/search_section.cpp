#include "graft/core/text.h"
#include "graft/metrics/metric.h"
#include "graft/report/axes.h"
#include "graft/report/format.h"
#include "graft/report/html.h"
#include "graft/report/html_table.h"
#include "graft/report/page_template.h"

namespace graft {
namespace {

std::string difference_cell(const TriedCandidate& row) {
  if (!row.difference || !row.standard_error) return "";
  return format_text("%+.4f ± %.4f", *row.difference, *row.standard_error);
}

// The heading of the metric's column. All candidates have the same metric.
std::string metric_heading(const std::vector<TriedCandidate>& rows) {
  for (const TriedCandidate& row : rows) {
    if (!row.metrics.empty()) return find_metric(row.metrics.front().key).heading;
  }
  return "metric";
}

std::string metric_cell(const TriedCandidate& row) {
  if (row.metrics.empty()) return "";
  const MetricValue& value = row.metrics.front();
  return value_text(value.value, unit_of(find_metric(value.key)));
}

}  // namespace

std::string search_section(const RunData& run) {
  if (run.candidates.empty()) return "";
  HtmlTable table("Every candidate, as in candidates.csv",
                  {{"candidate"},
                   {"settings"},
                   {"held-out loss", true},
                   {metric_heading(run.candidates), true},
                   {.name = "loss difference", .number = true, .minor = true},
                   {.name = "time", .number = true, .minor = true},
                   {.name = "note", .minor = true}});
  for (const TriedCandidate& row : run.candidates) {
    table.row(row.chosen);
    table.cell(row.kind + " of " + row.model + (row.chosen ? " (chosen)" : ""));
    table.cell(settings_words(row));
    table.cell(row.metrics.empty() ? "" : fixed_text(row.loss, 4));
    table.cell(metric_cell(row));
    table.cell(difference_cell(row));
    table.cell(duration_text(row.seconds));
    table.cell(row.note);
  }
  return fill_block(report_blocks, "search_note") + table.str();
}

}  // namespace graft
