// Several runs beside each other, as charts and as what differs between them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "graft/metrics/metric.h"
#include "graft/report/charts.h"
#include "graft/report/drawing.h"
#include "graft/report/run_data.h"

namespace graft {

// What the run's epochs are compared by; null before there is one.
const Metric* primary_metric(const RunData& run);
// Those of all runs, each once, in the order of their names; accuracy where no run has an epoch.
std::vector<const Metric*> compared_metrics(const std::vector<RunData>& runs);

// The best first, by the best primary metric of their epochs; equal ones keep their order, those without an
// epoch come last. Shares are compared with each other. Runs of other metrics are in groups of their own,
// after them.
void sort_best_first(std::vector<RunData>& runs);

// What a run is called beside the others: its folder's name, or its path where two share a name.
std::vector<std::string> run_names(const std::vector<RunData>& runs);

// The primary metrics over the epochs: shares in one chart, any other metric in one of its own, each with the
// runs that have it.
std::vector<ChartFile> compared_scores(const std::vector<RunData>& runs);
Drawing draw_compared_losses(const std::vector<RunData>& runs);
// All of them as files.
std::vector<ChartFile> compared_charts(const std::vector<RunData>& runs);
// The file of the chart that shows this metric.
std::string compared_chart_name(const Metric& metric);

// An option, and its value in each run ("" where the run does not have it).
using DifferingOption = std::pair<std::string, std::vector<std::string>>;

// The data and the options whose values are not the same in all runs.
std::vector<DifferingOption> differing_options(const std::vector<RunData>& runs);

}  // namespace graft
