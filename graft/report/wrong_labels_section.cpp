// The pictures of a cross-validated run whose labels are probably wrong.
#include <string>
#include <vector>

#include "graft/core/error.h"
#include "graft/report/axes.h"
#include "graft/report/format.h"
#include "graft/report/html.h"
#include "graft/report/html_page.h"
#include "graft/report/page_template.h"
#include "graft/report/suspect_rows.h"
#include "graft/report/task_report.h"

namespace graft {
namespace {

std::string label_html(const std::string& label) {
  return label.empty() ? "no class" : fill("<b>{{text}}</b>", {{"text", label}});
}

std::string suspects_html(const RunData& run, const std::vector<Suspect>& suspects) {
  if (suspects.empty()) return fill_block(report_blocks, "no_wrong_labels");
  std::vector<const PredictionRow*> rows;
  for (const Suspect& suspect : suspects) rows.push_back(&run.val->rows[suspect.row]);
  const auto words = [&](const PredictionRow& row) {
    std::size_t i = 0;
    while (rows[i] != &row) ++i;
    const Suspect& suspect = suspects[i];
    return PictureWords{"a picture labelled " + row.label + ", probably " + suspect.proposed,
                        "label: " + label_html(row.label) + " " +
                            value_text(suspect.self_confidence, Unit::share) +
                            "<br>proposed: " + label_html(suspect.proposed)};
  };
  return fill_block(report_blocks, "wrong_labels",
                    {{"count", std::to_string(suspects.size())},
                     {"all", std::to_string(run.val->rows.size())},
                     {"pictures", Markup{row_pictures(run, rows, words)}}});
}

}  // namespace

std::vector<Suspect> suspect_rows(const RunData& run) {
  const bool is_judged = run.evaluation.out_of_fold && run.val && !run.val->outputs.empty() &&
                         (run.labels == LabelKind::single || run.labels == LabelKind::multi);
  if (!is_judged) return {};
  HeldOutRows rows{run.labels, run.config.classes, {}, run.val->outputs};
  for (const PredictionRow& row : run.val->rows) rows.labels.push_back(row.label);
  return find_suspects(rows);
}

std::string wrong_labels_section(const RunData& run) {
  const bool is_judged = run.evaluation.out_of_fold && run.val && !run.val->outputs.empty();
  if (!is_judged || run.labels == LabelKind::number) return "";
  try {
    return suspects_html(run, suspect_rows(run));
  } catch (const Error& error) {
    return notice(std::string("The labels could not be judged: ") + error.what());
  }
}

}  // namespace graft
