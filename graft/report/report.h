// The report of a training, from its run folder alone: while it runs, when it is over, or long after.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "graft/image/image.h"
#include "graft/run/lr_search.h"
#include "graft/run/run.h"

namespace graft {

// The charts of several runs: of the metrics that are shares, and of the losses. That of another metric is
// named by it, compare_rmse.png.
inline constexpr const char* compared_accuracies_png = "compare_accuracy.png";
inline constexpr const char* compared_losses_png = "compare_loss.png";
// All that write_comparison() may write.
std::vector<std::string> compared_chart_names();

// The bytes of the validation picture that row `row` of predictions_val.csv is of. Throws Error where it
// cannot be read.
using RowPictureReader = std::function<std::vector<std::uint8_t>(std::size_t row)>;

struct ReportOptions {
  std::filesystem::path html;  // empty: report.html in the run folder; compare.html for several runs
  // Folder of the charts; empty: the run folder, where they are left out if it cannot be written; none for
  // several runs.
  std::filesystem::path pictures;
  bool draw_pictures = true;
  bool write_page = true;
  // Of a run whose data are no files: where the pictures are. Small copies of those that the page shows are
  // kept in the run folder (shown_pictures.csv), and later reports show these.
  RowPictureReader read_picture = {};
};

// What was written.
struct ReportFiles {
  std::filesystem::path html;
  std::vector<std::filesystem::path> pictures;
  std::vector<std::string> warnings;  // of charts that were left out
};

// Writes the page and the charts: curves.png, where an epoch is done; with predictions_val.csv also the
// confusion matrices and reliability.png, or, of predicted numbers, scatter.png. Pictures that
// predictions_val.csv names are looked for where it says, from the current folder, or, of data that are no
// files, in shown_pictures.csv; one that cannot be read is shown as missing. Throws Error where the folder is
// not a run's, a file of it is broken, or one cannot be written.
ReportFiles write_report(const RunFolder& run, const ReportOptions& options = {});

// Several runs on one page, the best first: figures, curves and the options that differ. With `pictures` also
// their charts there. Throws UsageError for no runs.
ReportFiles write_comparison(const std::vector<RunFolder>& runs, const ReportOptions& options = {});

// The page alone, of one run or of several, as the functions above write it.
std::string report_page(const std::vector<RunFolder>& runs);

// The plot of a search for a learning rate: the loss over the rate, which grows by powers of ten.
Image draw_lr_search(const std::vector<LrPoint>& points, const LrSuggestion& suggestion);

// What the machine's fonts cannot draw of these texts, a sentence each for people: that there is no font at
// all, or which texts have characters that no font has. Empty where all can be drawn. Sheets and charts are
// made in either case, with empty boxes or question marks in such a character's place. Thread-safe.
std::vector<std::string> font_warnings(std::span<const std::string> texts);

}  // namespace graft
