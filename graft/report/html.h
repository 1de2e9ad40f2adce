// report.html and the page that compares runs, as text, and the sections of report.html.
#pragma once

#include <string>
#include <vector>

#include "graft/report/differences.h"
#include "graft/report/run_data.h"

namespace graft {

// A self-contained file: no external links, fonts or scripts.
std::string report_html(const RunData& run);

// At least one run. `differences`: differences_to_first(runs).
std::string comparison_html(const std::vector<RunData>& runs, const std::vector<RunDifference>& differences);

// The sections of report.html that do not depend on the task; empty if the run has no data for a section.
// Sections that depend on the task are in task_report.h.

// The main metrics of a run, and notices about missing parts.
std::string overview(const RunData& run);
// What the preset auto tried.
std::string search_section(const RunData& run);
// Curves, time per epoch, and a table of every epoch.
std::string training_section(const RunData& run);
// Of a cross-validated run: labels that its out-of-fold predictions contradict.
std::string wrong_labels_section(const RunData& run);
// The held-out pictures as points, coloured by label.
std::string map_section(const RunData& run);
// batch.png and predictions.png.
std::string trust_section(const RunData& run);  // empty if the run recorded nothing about it
std::string sheets_section(const RunData& run);
// All options, resolved settings, versions.
std::string settings_section(const RunData& run);
// Commands and code that use the model, and the command that resumes an incomplete run.
std::string usage_section(const RunData& run);

}  // namespace graft
