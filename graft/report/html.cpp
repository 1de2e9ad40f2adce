#include "graft/report/html.h"

#include "graft/report/html_page.h"
#include "graft/report/task_report.h"

namespace graft {

std::string report_html(const RunData& run) {
  std::vector<HtmlSection> sections = {{"search", "What was tried", search_section(run)},
                                       {"training", "Training", training_section(run)}};
  for (HtmlSection& section : task_report(run.labels).sections(run)) sections.push_back(std::move(section));
  sections.push_back({"trust", "What the answers are worth", trust_section(run)});
  sections.push_back({"wrong-labels", "Possibly wrong labels", wrong_labels_section(run)});
  sections.push_back({"map", "Map", map_section(run)});
  sections.push_back({"pictures", "Pictures", sheets_section(run)});
  sections.push_back({"settings", "Settings", settings_section(run)});
  sections.push_back({"usage", "Using the model", usage_section(run)});
  return html_page(run.name(), overview(run), sections, "the run folder");
}

}  // namespace graft
