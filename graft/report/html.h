// report.html and the page that compares runs, as text.
#pragma once

#include <string>
#include <vector>

#include "graft/report/run_data.h"

namespace graft {

// One file that holds all it shows: no links to the net, no fonts, no scripts but its own.
std::string report_html(const RunData& run);

// At least one run.
std::string comparison_html(const std::vector<RunData>& runs);

}  // namespace graft
