// Whether the differences between runs are more than chance, from their predictions for the same pictures.
// Internal.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "graft/metrics/intervals.h"
#include "graft/metrics/metric.h"
#include "graft/report/run_data.h"

namespace graft {

// Of `run` to the first of the compared runs, in their primary metric: run − first.
struct RunDifference {
  std::size_t run = 0;
  const Metric* metric = nullptr;
  PairedDifference difference;
};

// For each run but the first that was measured on the same pictures and labels as the first; runs that were
// not are left out, and so are runs of several classes per picture of earlier versions.
std::vector<RunDifference> differences_to_first(const std::vector<RunData>& runs);
// The same for people, and the runs that were left out: "fast: accuracy -0.0131 compared with best (95 %:
// -0.0258 to +0.0160, p 0.6250, 153 pictures; 3 only best has right, 1 only fast): may be chance".
std::vector<std::string> difference_sentences(const std::vector<RunData>& runs,
                                              const std::vector<RunDifference>& differences);
// "+0.0131"
std::string signed_text(const Metric& metric, double value);

}  // namespace graft
