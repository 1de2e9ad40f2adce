#include "graft/report/comparison.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "graft/core/option.h"
#include "graft/core/text.h"
#include "graft/report/format.h"
#include "graft/report/line_chart.h"

namespace graft {
namespace {

constexpr std::size_t colors = 8;

template <class Field>
Drawing draw(const std::vector<RunData>& runs, const std::string& title, Unit unit, Field field) {
  LineChart chart{title, unit, {}, {}, 460, 300};
  const auto names = run_names(runs);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    Curve curve{names[i], {}, InkChoice::series(i), i >= colors};  // dashed where colours come again
    for (const EpochRecord& record : runs[i].history) {
      const double value = std::invoke(field, record);
      if (record.probe) {
        curve.probe = value;
      } else {
        curve.points.push_back({record.epoch, value});
      }
    }
    if (const EpochRecord* best = best_epoch(runs[i].history)) curve.best = best->epoch;
    chart.curves.push_back(std::move(curve));
  }
  return draw_lines(chart);
}

void add_if_different(std::vector<DifferingOption>& rows, const std::string& name,
                      std::vector<std::string> values) {
  const bool same = std::all_of(values.begin(), values.end(), [&](const auto& v) { return v == values[0]; });
  if (!same) rows.emplace_back(name, std::move(values));
}

}  // namespace

void sort_best_first(std::vector<RunData>& runs) {
  const auto score = [](const RunData& run) {
    const EpochRecord* best = best_epoch(run.history);
    return best == nullptr || std::isnan(best->score()) ? -1 : best->score();
  };
  std::stable_sort(runs.begin(), runs.end(),
                   [&](const RunData& a, const RunData& b) { return score(a) > score(b); });
}

std::string metric_of(const RunData& run) {
  return !run.history.empty() && run.history.front().val_map ? "mAP" : "accuracy";
}

std::vector<std::string> compared_metrics(const std::vector<RunData>& runs) {
  std::vector<std::string> metrics;
  for (const RunData& run : runs) {
    if (run.history.empty()) continue;
    const std::string metric = metric_of(run);
    if (std::find(metrics.begin(), metrics.end(), metric) == metrics.end()) metrics.push_back(metric);
  }
  std::sort(metrics.begin(), metrics.end());
  return metrics.empty() ? std::vector<std::string>{"accuracy"} : metrics;
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

Drawing draw_compared_accuracies(const std::vector<RunData>& runs) {
  return draw(runs, "Validation " + join(compared_metrics(runs), " or "), Unit::share, &EpochRecord::score);
}

Drawing draw_compared_losses(const std::vector<RunData>& runs) {
  return draw(runs, "Validation loss", Unit::plain, &EpochRecord::val_loss);
}

std::vector<DifferingOption> differing_options(const std::vector<RunData>& runs) {
  std::vector<std::string> names;  // of all runs, in the order of the first that has them
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
