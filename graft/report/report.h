// The report of a training, from its run folder alone: while it runs, when it is over, or long after.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "graft/run/run.h"

namespace graft {

// The charts of several runs.
inline constexpr const char* compared_accuracies_png = "compare_accuracy.png";
inline constexpr const char* compared_losses_png = "compare_loss.png";

struct ReportOptions {
  std::filesystem::path html;      // empty: report.html in the run folder; compare.html for several runs
  std::filesystem::path pictures;  // folder of the charts; empty: the run folder; none for several runs
  bool draw_pictures = true;
  bool write_page = true;
};

// What was written.
struct ReportFiles {
  std::filesystem::path html;
  std::vector<std::filesystem::path> pictures;
};

// Writes the page and the charts (curves.png, where an epoch is done; with predictions_val.csv also the
// confusion matrices and reliability.png). Pictures that predictions_val.csv names are looked for where it
// says, from the current folder; one that cannot be read is shown as missing. Throws Error where the folder
// is not a run's, a file of it is broken, or one cannot be written.
ReportFiles write_report(const RunFolder& run, const ReportOptions& options = {});

// Several runs on one page, the best first: figures, curves and the options that differ. With `pictures` also
// compare_accuracy.png and compare_loss.png there. Throws UsageError for no runs.
ReportFiles write_comparison(const std::vector<RunFolder>& runs, const ReportOptions& options = {});

// The page alone, of one run or of several, as the functions above write it.
std::string report_page(const std::vector<RunFolder>& runs);

}  // namespace graft
