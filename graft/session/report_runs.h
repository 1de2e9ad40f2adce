// The report of a run, or the page that compares several, where somebody asks for them. No torch in this
// header.
#pragma once

#include <string>
#include <vector>

#include "graft/report/report.h"
#include "graft/session/output_files.h"

namespace graft {

struct ReportRequest {
  std::vector<std::string> runs;  // run folders; several are compared on one page
  std::string pictures;           // the folder of the charts; empty: as ReportOptions has it
  bool draw_pictures = true;
};

// Writes the charts, and the page: to the output `out` where that was added, else to report.html in the run
// folder. The result's `html` is empty where that output is no file. Its warnings
// also name the classes that the machine's fonts cannot draw. Throws Error and
// UsageError, before anything is written where a path is no run or a file would replace what is not its to
// replace (output_files.h).
ReportFiles report_runs(const ReportRequest& request, OutputFiles& outputs);

}  // namespace graft
