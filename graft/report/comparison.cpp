#include "graft/report/comparison.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>

#include "graft/core/option.h"
#include "graft/core/text.h"
#include "graft/report/format.h"
#include "graft/report/line_chart.h"
#include "graft/report/report.h"

namespace graft {
namespace {

constexpr std::size_t series_colors = 8;

// The curve of one run: `value` of each epoch; null for epochs without a value.
template <class Value>
Curve curve_of(const RunData& run, const std::string& name, std::size_t number, Value value) {
  Curve curve{name, {}, InkChoice::series(number), number >= series_colors};  // dashed if colours repeat
  for (const EpochRecord& record : run.history) {
    const double* point = value(record);
    if (point == nullptr) continue;
    if (record.probe) {
      curve.probe = *point;
    } else {
      curve.points.push_back({record.epoch, *point});
    }
  }
  if (const EpochRecord* best = best_epoch(run.history)) curve.best = best->epoch;
  return curve;
}

LineChart chart_of(const std::string& title, Unit unit) { return {title, unit, {}, {}, 460, 300}; }

// Metrics of the same group can be compared.
std::size_t group_of(const Metric& metric) {
  if (metric.unit == MetricUnit::share && metric.higher_is_better) return 0;
  return static_cast<std::size_t>(&metric - all_metrics().data()) + 1;
}

struct Score {
  const Metric* metric = nullptr;  // null for a run without a metric
  double value = 0;
};

Score score_of(const RunData& run) {
  const Metric* metric = primary_metric(run);
  const double* value = metric == nullptr ? nullptr : value_of(*measured_values(run), metric->key);
  return value == nullptr || std::isnan(*value) ? Score() : Score{metric, *value};
}

// The final training of a cross-validation has no validation pictures.
bool has_curve(const RunData& run) { return !run.evaluation.out_of_fold; }

void add_if_different(std::vector<DifferingOption>& rows, const std::string& name,
                      std::vector<std::string> values) {
  const bool same = std::all_of(values.begin(), values.end(), [&](const auto& v) { return v == values[0]; });
  if (!same) rows.emplace_back(name, std::move(values));
}

}  // namespace

const MetricValues* measured_values(const RunData& run) {
  if (run.evaluation.out_of_fold) return &run.evaluation.out_of_fold->metrics;
  const EpochRecord* best = best_epoch(run.history);
  return best == nullptr || best->val.empty() ? nullptr : &best->val;
}

const Metric* primary_metric(const RunData& run) {
  const MetricValues* values = measured_values(run);
  return values == nullptr ? nullptr : &find_metric(values->front().key);
}

std::vector<const Metric*> compared_metrics(const std::vector<RunData>& runs) {
  std::vector<const Metric*> metrics;
  for (const RunData& run : runs) {
    const Metric* metric = primary_metric(run);
    if (metric != nullptr && std::find(metrics.begin(), metrics.end(), metric) == metrics.end())
      metrics.push_back(metric);
  }
  std::sort(metrics.begin(), metrics.end(),
            [](const Metric* a, const Metric* b) { return std::string_view(a->heading) < b->heading; });
  return metrics.empty() ? std::vector<const Metric*>{&find_metric("acc")} : metrics;
}

void sort_best_first(std::vector<RunData>& runs) {
  std::stable_sort(runs.begin(), runs.end(), [](const RunData& run, const RunData& other) {
    const Score a = score_of(run), b = score_of(other);
    if (a.metric == nullptr || b.metric == nullptr) return a.metric != nullptr && b.metric == nullptr;
    const std::size_t group = group_of(*a.metric), others = group_of(*b.metric);
    return group == others ? is_better(*a.metric, a.value, b.value) : group < others;
  });
}

std::vector<std::string> run_names(const std::vector<RunData>& runs) {
  std::vector<std::string> names;
  for (const RunData& run : runs) {
    const std::string name = run.name();
    const auto same = [&](const RunData& other) { return &other != &run && other.name() == name; };
    const bool shared = std::any_of(runs.begin(), runs.end(), same);
    names.push_back(shared ? run.folder.path().string() : name);
  }
  return names;
}

std::string compared_chart_name(const Metric& metric) {
  return metric.unit == MetricUnit::share ? std::string(compared_accuracies_png)
                                          : std::string("compare_") + metric.id + ".png";
}

std::vector<ChartFile> compared_scores(const std::vector<RunData>& runs) {
  const auto names = run_names(runs);
  std::map<std::size_t, std::vector<const Metric*>> groups;
  for (const Metric* metric : compared_metrics(runs)) groups[group_of(*metric)].push_back(metric);
  std::vector<ChartFile> charts;
  for (const auto& [group, metrics] : groups) {
    std::vector<std::string> headings;
    for (const Metric* metric : metrics) headings.emplace_back(metric->heading);
    LineChart chart = chart_of("Validation " + join(headings, " or "), unit_of(*metrics.front()));
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const Metric* metric = primary_metric(runs[i]);
      if ((metric != nullptr && group_of(*metric) != group) || !has_curve(runs[i])) continue;
      chart.curves.push_back(curve_of(runs[i], names[i], i, [&](const EpochRecord& record) {
        return metric == nullptr ? nullptr : value_of(record.val, metric->key);
      }));
    }
    charts.push_back({compared_chart_name(*metrics.front()), draw_lines(chart)});
  }
  return charts;
}

Drawing draw_compared_losses(const std::vector<RunData>& runs) {
  const auto names = run_names(runs);
  LineChart chart = chart_of("Validation loss", Unit::plain);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (!has_curve(runs[i])) continue;
    chart.curves.push_back(
        curve_of(runs[i], names[i], i, [](const EpochRecord& record) { return &record.val_loss; }));
  }
  return draw_lines(chart);
}

std::vector<ChartFile> compared_charts(const std::vector<RunData>& runs) {
  if (std::none_of(runs.begin(), runs.end(), has_curve)) return {};
  std::vector<ChartFile> charts = compared_scores(runs);
  charts.push_back({compared_losses_png, draw_compared_losses(runs)});
  return charts;
}

std::vector<DifferingOption> differing_options(const std::vector<RunData>& runs) {
  std::vector<std::string> names;  // of all runs, in the order of the first run with each name
  for (const RunData& run : runs) {
    for (const auto& [name, value] : run.config.options) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  std::vector<DifferingOption> rows;
  const auto values = [&](const auto& value_in) {
    std::vector<std::string> all;
    all.reserve(runs.size());
    for (const RunData& run : runs) all.push_back(value_in(run.config));
    return all;
  };
  add_if_different(rows, "data", values([](const RunConfig& config) { return config.data; }));
  for (const std::string& name : names) {
    add_if_different(rows, name,
                     values([&](const RunConfig& config) { return value_of(config.options, name); }));
  }
  for (const char* name : {"device", "weights", "precision"}) {
    add_if_different(rows, std::string(name) + " (chosen)",
                     values([&](const RunConfig& config) { return value_of(config.resolved, name); }));
  }
  return rows;
}

}  // namespace graft
