// Calibration, and whether the model tells unknown pictures, of a run (docs/trust.md).
#include "graft/core/text.h"
#include "graft/report/format.h"
#include "graft/report/html.h"
#include "graft/report/html_table.h"
#include "graft/report/page_template.h"
#include "graft/report/task_report.h"

namespace graft {
namespace {

std::string calibration_part(const CalibrationRecord& record) {
  if (record.method == "off") return fill_block(report_blocks, "not_calibrated", {{"reason", record.reason}});
  HtmlTable table("The probabilities of the held-out pictures", {{""}, {"before", true}, {"after", true}},
                  false);
  const auto add_row = [&](const char* name, double before, double after) {
    table.row();
    table.cell(name);
    table.cell(fixed_text(before, 4));
    table.cell(fixed_text(after, 4));
  };
  add_row("Loss", record.loss_before, record.loss_after);
  add_row("Expected calibration error", record.error_before, record.error_after);
  const std::string method = record.method == "temperature"
                                 ? "divided by the temperature " + fixed_text(record.temperature, 3)
                                 : "changed by a factor and a shift each";
  return fill_block(
      report_blocks, "calibrated",
      {{"method", method}, {"pictures", std::to_string(record.pictures)}, {"table", Markup{table.str()}}});
}

std::string known_part(const KnownRecord& record) {
  if (!record.reason.empty()) return fill_block(report_blocks, "tells_nothing", {{"reason", record.reason}});
  return fill_block(report_blocks, "tells_unknown",
                    {{"threshold", fixed_text(record.threshold, 3)},
                     {"rate", format_text("%.3g %%", record.false_alarm * 100)},
                     {"references", std::to_string(record.references)},
                     {"pictures", std::to_string(record.held_out)}});
}

}  // namespace

std::string trust_section(const RunData& run) {
  std::string text;
  if (run.evaluation.calibration) text += calibration_part(*run.evaluation.calibration);
  if (run.evaluation.known) text += known_part(*run.evaluation.known);
  return text;
}

}  // namespace graft
