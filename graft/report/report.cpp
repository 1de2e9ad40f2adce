#include "graft/report/report.h"

#include <algorithm>
#include <map>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/image/codec.h"
#include "graft/report/charts.h"
#include "graft/report/comparison.h"
#include "graft/report/differences.h"
#include "graft/report/drawing.h"
#include "graft/report/html.h"
#include "graft/report/task_report.h"
#include "graft/run/run_tables.h"

namespace graft {
namespace {

class PictureFolder {
 public:
  PictureFolder(std::filesystem::path path, ReportFiles& files) : path_(std::move(path)), files_(files) {
    disk().make_directories(path_);
  }

  void write(const std::string& name, const Drawing& drawing) {
    const std::filesystem::path path = path_ / name;
    replace_file(path, encode_png(paint(drawing).view()));
    files_.pictures.push_back(path);
  }

 private:
  std::filesystem::path path_;
  ReportFiles& files_;
};

void draw_charts(const RunData& run, PictureFolder folder) {
  if (count_epochs(run.history) > 0) folder.write(curves_png, draw_curves(run.history));
  if (!run.val) return;
  for (const ChartFile& chart : task_report(run.labels).charts(*run.val))
    folder.write(chart.name, chart.drawing);
}

// The charts are additional to the requested page: a read-only run also has a report.
void draw_charts_if_possible(const RunData& run, const RunFolder& folder, ReportFiles& files) {
  try {
    draw_charts(run, {folder.path(), files});
  } catch (const Error& error) {
    files.warnings.push_back(std::string("no charts: ") + error.what());
  }
}

// The page, with pictures from `read`.
std::string page_of_own_pictures(RunData run, const RowPictureReader& read) {
  std::map<std::string, Thumbnail> shown;
  run.picture = [&](const PredictionRow& row) {
    const auto [found, is_new] = shown.try_emplace(row.path);
    const auto index = static_cast<std::size_t>(&row - run.val->rows.data());
    if (is_new)
      found->second = read_thumbnail([&] { return read(index); }, row.path, row_picture_side, run.decode());
    return found->second;
  };
  std::string page = report_html(run);
  std::vector<ShownPicture> kept;
  for (const auto& [path, small] : shown) {
    if (!small.uri.empty())
      kept.push_back({path, small.width, small.height, small.full_width, small.full_height, small.uri});
  }
  write_shown_pictures(run.folder.shown_pictures(), kept);
  return page;
}

void give_page(std::string page, const ReportOptions& options, ReportFiles& files) {
  if (options.write_page) {
    replace_file(files.html, page);
  } else {
    files.page = std::move(page);
  }
}

std::vector<RunData> read_best_first(const std::vector<RunFolder>& folders) {
  std::vector<RunData> runs;
  runs.reserve(folders.size());
  for (const RunFolder& folder : folders) runs.push_back(read_run(folder));
  sort_best_first(runs);
  return runs;
}

}  // namespace

ReportFiles write_report(const RunFolder& folder, const ReportOptions& options) {
  const RunData run = read_run(folder);
  ReportFiles files;
  files.html = options.html.empty() ? folder.report() : options.html;
  if (options.draw_pictures && options.pictures.empty()) draw_charts_if_possible(run, folder, files);
  if (options.draw_pictures && !options.pictures.empty()) draw_charts(run, {options.pictures, files});
  give_page(options.read_picture ? page_of_own_pictures(run, options.read_picture) : report_html(run),
            options, files);
  return files;
}

ReportFiles write_comparison(const std::vector<RunFolder>& folders, const ReportOptions& options) {
  if (folders.empty()) throw UsageError("report", "there are no runs to compare");
  const std::vector<RunData> runs = read_best_first(folders);
  ReportFiles files;
  files.html = options.html.empty() ? "compare.html" : options.html;
  if (options.draw_pictures && !options.pictures.empty()) {
    PictureFolder pictures(options.pictures, files);
    for (const ChartFile& chart : compared_charts(runs)) pictures.write(chart.name, chart.drawing);
  }
  const std::vector<RunDifference> differences = differences_to_first(runs);
  give_page(comparison_html(runs, differences), options, files);
  files.findings = difference_sentences(runs, differences);
  const std::vector<std::string> names = run_names(runs);
  for (const auto& [run, metric, difference] : differences)
    files.differences.push_back({names[0], names[run], metric, difference});
  return files;
}

std::vector<std::string> compared_chart_names() {
  std::vector<std::string> names = {compared_losses_png};
  for (const Metric& metric : all_metrics()) {
    std::string name = compared_chart_name(metric);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
  }
  return names;
}

std::string report_page(const std::vector<RunFolder>& folders) {
  const ReportOptions options{.draw_pictures = false, .write_page = false};
  return folders.size() == 1 ? write_report(folders.front(), options).page
                             : write_comparison(folders, options).page;
}

}  // namespace graft
