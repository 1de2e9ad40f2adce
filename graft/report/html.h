// report.html and the page that compares runs, as text, and the sections of the former.
#pragma once

#include <string>
#include <vector>

#include "graft/report/run_data.h"

namespace graft {

// One file that holds all it shows: no links to the net, no fonts, no scripts but its own.
std::string report_html(const RunData& run);

// At least one run.
std::string comparison_html(const std::vector<RunData>& runs);

// The sections of report.html that every run has, each from what a run holds; empty where the run has nothing
// for it. Those of what the run predicts are in task_report.h.

// The figures of a run in one look, and what is missing of it.
std::string overview(const RunData& run);
// Curves, where the time went, and a table of every epoch.
std::string training_section(const RunData& run);
// batch.png and predictions.png.
std::string sheets_section(const RunData& run);
// Every option, what was chosen on the machine, versions.
std::string settings_section(const RunData& run);
// Commands and code that use the model, and the one that continues a training which is not complete.
std::string usage_section(const RunData& run);

}  // namespace graft
