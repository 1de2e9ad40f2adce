#include "graft/report/evaluation_page.h"

#include <utility>
#include <vector>

#include "graft/core/text.h"
#include "graft/report/axes.h"
#include "graft/report/format.h"
#include "graft/report/html_page.h"
#include "graft/report/page_template.h"
#include "graft/report/task_report.h"

namespace graft {
namespace {

std::string evaluation_tiles(const EvaluatedData& evaluated) {
  const PartRecord& record = evaluated.record;
  std::string tiles;
  for (const auto& [key, value] : record.metrics) {
    const Metric& metric = find_metric(key);
    if (!metric.headline) continue;
    tiles += headline(capitalized(metric.name), value_text(value, unit_of(metric)),
                      interval_note(record.intervals, key));
  }
  tiles += headline("Loss", fixed_text(record.loss, 4));
  if (const auto& val = evaluated.run.val; val && val->metrics)
    tiles +=
        headline("Calibration error", fixed_text(val->metrics->calibration_error, 4), "expected, 15 bins");
  tiles += headline("Pictures", std::to_string(record.pictures), evaluated.words);
  if (evaluated.run.labels != LabelKind::number)
    tiles += headline("Classes", std::to_string(evaluated.run.config.classes.size()));
  return tiles + headline("Model", value_of(evaluated.run.config.options, "model"), evaluated.model);
}

}  // namespace

std::string evaluation_html(const EvaluatedData& evaluated) {
  std::vector<HtmlSection> sections;
  for (HtmlSection& section : task_report(evaluated.run.labels).sections(evaluated.run))
    sections.push_back(std::move(section));
  const std::string introduction =
      fill_block(report_blocks, "overview",
                 {{"folder", evaluated.data},
                  {"notices", Markup{evaluated.notice.empty() ? "" : notice(evaluated.notice)}},
                  {"metrics", Markup{evaluation_tiles(evaluated)}}});
  return html_page("Evaluation of " + evaluated.model, introduction, sections, "graft eval");
}

}  // namespace graft
