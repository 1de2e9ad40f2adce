// Several runs beside each other, as charts and as what differs between them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "graft/report/drawing.h"
#include "graft/report/run_data.h"

namespace graft {

// By the highest score of their epochs; equal ones keep their order, those without an epoch come last.
void sort_best_first(std::vector<RunData>& runs);

// What the run's epochs are compared by: "mAP" of multi-label data, else "accuracy".
std::string metric_of(const RunData& run);
// Of all runs that have an epoch, each once. "accuracy" where none has.
std::vector<std::string> compared_metrics(const std::vector<RunData>& runs);

// What a run is called beside the others: its folder's name, or its path where two share a name.
std::vector<std::string> run_names(const std::vector<RunData>& runs);

Drawing draw_compared_accuracies(const std::vector<RunData>& runs);
Drawing draw_compared_losses(const std::vector<RunData>& runs);

// An option, and its value in each run ("" where the run does not have it).
using DifferingOption = std::pair<std::string, std::vector<std::string>>;

// The data and the options whose values are not the same in all runs.
std::vector<DifferingOption> differing_options(const std::vector<RunData>& runs);

}  // namespace graft
