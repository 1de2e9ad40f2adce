// candidates.csv of a run folder: what the search of the preset auto tried, and what it chose
// (docs/formats/run.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "graft/metrics/metric.h"

namespace graft {

// A training that was tried, measured by cross-validation on the training pictures.
struct TriedCandidate {
  std::string kind;   // "probe", "concatenation" (a probe of several networks), "fine-tuning"
  std::string model;  // as for `model`; with other weights than the default ones NAME=WEIGHTS
  std::string fit;
  int views = 0;
  double l2 = 0;              // of the probe
  int average_epochs = 1;     // of fine-tuning
  double interpolate = 1;     // likewise
  std::int64_t pictures = 0;  // that were predicted by a model that had not seen them; 0: not measured
  double loss = 0;            // their mean loss
  MetricValues metrics = {};  // the primary metric of the task; empty: not measured
  // The mean over the pictures of this loss less that of the candidate chosen before it, and the standard
  // error of that mean; empty if the candidate did not have to prove itself.
  std::optional<double> difference = {}, standard_error = {};
  double seconds = 0;
  bool chosen = false;
  std::string note = {};  // why it was not measured, or with fewer folds
};

// The candidate's fit and what else distinguishes it, for people: "squash, 2 views".
std::string settings_words(const TriedCandidate& candidate);

// Atomic.
void write_candidates(const std::filesystem::path& path, const std::vector<TriedCandidate>& rows);
// Throws Error, which names the line, if a line cannot be read.
std::vector<TriedCandidate> read_candidates(const std::filesystem::path& path);

}  // namespace graft
