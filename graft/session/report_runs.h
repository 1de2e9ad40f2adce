// Makes the report of a run, or a page that compares several runs. This header does not include torch.
#pragma once

#include <string>
#include <vector>

#include "graft/report/report.h"
#include "graft/session/output_files.h"

namespace graft {

struct ReportRequest {
  std::vector<std::string> runs;  // run folders; several are compared on one page
  std::string pictures;           // the folder of the charts; empty: see ReportOptions
  bool draw_pictures = true;
};

// Writes the charts and the page: to the output `out` if it was added, else to report.html in the run folder.
// The result's `html` is empty if that output is not a file. Its warnings also name the classes that the
// machine's fonts cannot draw. Throws Error and UsageError; before it writes anything if a path is not a run
// or an output would replace a protected file (output_files.h).
ReportFiles report_runs(const ReportRequest& request, OutputFiles& outputs);

}  // namespace graft
