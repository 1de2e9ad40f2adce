#include "graft/session/run.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/run/config.h"
#include "graft/run/run_tables.h"
#include "graft/session/output_place.h"
#include "graft/session/path_kind.h"
#include "graft/session/run_place.h"

namespace graft {
namespace {

// All charts of one run, or of several.
std::vector<std::string> charts_of(const ReportRequest& request) {
  return request.runs.size() == 1 ? std::vector<std::string>(chart_names.begin(), chart_names.end())
                                  : compared_chart_names();
}

void check_outputs(const ReportRequest& request, const std::vector<RunFolder>& runs, OutputFiles& outputs) {
  if (!request.pictures.empty()) {
    for (const std::string& chart : charts_of(request))
      outputs.add_in_folder("png", request.pictures, chart, OutputType::picture);
  }
  if (runs.size() == 1) outputs.owns(runs.front().path());
  for (const RunFolder& run : runs) {
    outputs.keeps_out_of(data_of_run(run.path().string()));
    outputs.reads({run.config().string(), run.history().string(), run.predictions_csv().string()});
  }
  outputs.check();
}

// Only for the charts: the browser draws the text of the page.
std::vector<std::string> class_font_warnings(const RunFolder& run) {
  if (!disk().info(run.classes_file())) return {};
  return font_warnings(read_classes(run.classes_file()));
}

}  // namespace

ReportFiles report_runs(const ReportRequest& request, OutputFiles& outputs) {
  std::vector<RunFolder> runs;
  for (const std::string& run : request.runs) {
    require_run(run);
    if (std::any_of(runs.begin(), runs.end(),
                    [&](const RunFolder& other) { return is_same_file(other.path(), run); }))
      throw UsageError(run, "is named twice", "name each run once");
    runs.emplace_back(run);
  }
  for (const RunFolder& run : runs)
    read_config(run.config());  // throws before a folder is made if it is not a run
  if (runs.size() == 1) refuse_linked_files(runs.front().path());
  check_outputs(request, runs, outputs);
  const bool own_page = outputs.has("out"), one = runs.size() == 1;
  const ReportOptions options{outputs.file("out"), request.pictures, request.draw_pictures, !own_page};
  ReportFiles files = one ? write_report(runs.front(), options) : write_comparison(runs, options);
  if (own_page) {
    outputs.write("out", files.page);
    files.html = outputs.file("out");
  }
  if (one && !files.pictures.empty()) {
    for (std::string& warning : class_font_warnings(runs.front()))
      files.warnings.push_back(std::move(warning));
  }
  return files;
}

}  // namespace graft
