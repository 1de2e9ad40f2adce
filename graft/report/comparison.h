// The comparison of several runs: charts and differences.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "graft/metrics/metric.h"
#include "graft/report/charts.h"
#include "graft/report/drawing.h"
#include "graft/report/run_data.h"

namespace graft {

// The metrics of the run's model on pictures that it was not trained on: of a cross-validation, else of the
// validation pictures. Null before the first epoch.
const MetricValues* measured_values(const RunData& run);
// The primary one of them; null before the first epoch.
const Metric* primary_metric(const RunData& run);
// The primary metrics of all runs, each once, in the order of their names; accuracy if no run has an epoch.
std::vector<const Metric*> compared_metrics(const std::vector<RunData>& runs);

// Sorts by the best primary metric of the epochs, best first; equal runs keep their order, runs without an
// epoch come last. Shares form one group; runs with another metric form groups of their own after it.
void sort_best_first(std::vector<RunData>& runs);

// The names of the runs: the folder's name, or the path if two runs share a name.
std::vector<std::string> run_names(const std::vector<RunData>& runs);

// The primary metrics by epoch: shares in one chart, each other metric in its own chart, with the runs that
// have it.
std::vector<ChartFile> compared_scores(const std::vector<RunData>& runs);
Drawing draw_compared_losses(const std::vector<RunData>& runs);
// All of them as files.
std::vector<ChartFile> compared_charts(const std::vector<RunData>& runs);
// The file of the chart that shows this metric.
std::string compared_chart_name(const Metric& metric);

// An option, and its value in each run ("" if the run does not have it).
using DifferingOption = std::pair<std::string, std::vector<std::string>>;

// The data and the options whose values are not the same in all runs.
std::vector<DifferingOption> differing_options(const std::vector<RunData>& runs);

}  // namespace graft
