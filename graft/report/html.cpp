#include "graft/report/html.h"

#include "graft/report/html_page.h"

namespace graft {

std::string report_html(const RunData& run) {
  return html_page(run.name(), overview(run),
                   {{"training", "Training", training_section(run)},
                    {"confusion", "Confusion matrix", confusion_section(run)},
                    {"classes", "Classes", classes_section(run)},
                    {"reliability", "Reliability", reliability_section(run)},
                    {"mistakes", "Mistakes and doubts", pictures_section(run)},
                    {"pictures", "Pictures", sheets_section(run)},
                    {"settings", "Settings", settings_section(run)},
                    {"usage", "Using the model", usage_section(run)}},
                   "the run folder");
}

}  // namespace graft
