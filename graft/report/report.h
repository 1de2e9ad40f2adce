// The report of a training run, from its run folder only, during or after the run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "graft/image/image.h"
#include "graft/metrics/intervals.h"
#include "graft/metrics/metric.h"
#include "graft/run/lr_search.h"
#include "graft/run/run.h"

namespace graft {

// The charts of several runs: of metrics that are shares, and of losses. The chart of another metric has its
// name, such as compare_rmse.png.
inline constexpr const char* compared_accuracies_png = "compare_accuracy.png";
inline constexpr const char* compared_losses_png = "compare_loss.png";
// All files that write_comparison() may write.
std::vector<std::string> compared_chart_names();

// The bytes of the validation picture of row `row` of predictions_val.csv. Throws Error if it cannot be read.
using RowPictureReader = std::function<std::vector<std::uint8_t>(std::size_t row)>;

struct ReportOptions {
  std::filesystem::path html;  // empty: report.html in the run folder; compare.html for several runs
  // Folder of the charts. Empty: the run folder, without charts if it is not writable; for several runs no
  // charts.
  std::filesystem::path pictures;
  bool draw_pictures = true;
  bool write_page = true;  // else the page is ReportFiles::page
  // Reads the pictures of a run whose data are not files. Small copies of the shown pictures are saved in the
  // run folder (shown_pictures.csv) for later reports.
  RowPictureReader read_picture = {};
};

// The difference of the primary metric between two of several runs, `a` and `b`, by their names on the page:
// b − a, where `a` is the best run.
struct ComparedPair {
  std::string a, b;
  const Metric* metric = nullptr;
  PairedDifference difference;
};

// The written files.
struct ReportFiles {
  std::filesystem::path html;
  std::vector<std::filesystem::path> pictures;
  std::vector<std::string> warnings;  // about missing charts
  // For several runs: whether the difference of each to the best one is more than chance. Sentences.
  std::vector<std::string> findings;
  std::string page;                            // without options.write_page
  std::vector<ComparedPair> differences = {};  // those of `findings` that could be computed
};

// Writes the page and the charts: curves.png after the first epoch; with predictions_val.csv also the
// confusion matrices and reliability.png, or, for regression, scatter.png. The pictures are read from their
// paths in predictions_val.csv, relative to the current folder, or from shown_pictures.csv for data that are
// not files; an unreadable picture is shown as missing. Throws Error if the folder is not a run, one of its
// files is damaged, or an output cannot be written.
ReportFiles write_report(const RunFolder& run, const ReportOptions& options = {});

// Several runs on one page, the best first: metrics, curves and the differing options. With options.pictures
// it also writes the charts there. Throws UsageError without runs.
ReportFiles write_comparison(const std::vector<RunFolder>& runs, const ReportOptions& options = {});

// Only the page, for one run or several, as the functions above write it.
std::string report_page(const std::vector<RunFolder>& runs);

// The plot of a learning-rate search: the loss by the learning rate on a logarithmic axis.
Image draw_lr_search(const std::vector<LrPoint>& points, const LrSuggestion& suggestion);

// Warnings about text that the machine's fonts cannot draw, one sentence each for people: there is no font,
// or texts have characters that no font has. Empty if all texts can be drawn. Sheets and charts are made in
// any case, with boxes or question marks for such characters. Thread-safe.
std::vector<std::string> font_warnings(std::span<const std::string> texts);

}  // namespace graft
