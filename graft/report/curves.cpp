#include "graft/report/charts.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "graft/report/format.h"
#include "graft/report/line_chart.h"
#include "graft/report/palette.h"

namespace graft {
namespace {

Curve curve(const char* name, InkChoice ink, const std::vector<EpochRecord>& history,
            double EpochRecord::*field) {
  Curve curve{name, {}, ink};
  for (const EpochRecord& record : history) {
    if (record.probe) {
      curve.probe = record.*field;
    } else {
      curve.points.push_back({record.epoch, record.*field});
    }
  }
  return curve;
}

// The curve of the records that have the metric.
Curve metric_curve(const std::string& name, InkChoice ink, const std::vector<EpochRecord>& history,
                   MetricValues EpochRecord::*phase, const Metric& metric) {
  Curve curve{name, {}, ink};
  for (const EpochRecord& record : history) {
    const double* value = value_of(record.*phase, metric.key);
    if (value == nullptr) continue;
    if (record.probe) {
      curve.probe = *value;
    } else {
      curve.points.push_back({record.epoch, *value});
    }
  }
  return curve;
}

bool is_empty(const Curve& curve) { return !curve.probe && curve.points.empty(); }

// A metric of both phases, or of validation only.
struct MetricCurves {
  const Metric* metric;
  Curve training, validation;

  bool of_both() const { return !is_empty(training); }
};

std::vector<MetricCurves> metric_curves(const std::vector<EpochRecord>& history) {
  std::vector<MetricCurves> all;
  for (const Metric& metric : all_metrics()) {
    if (!metric.headline) continue;
    MetricCurves curves{&metric,
                        metric_curve("training", training_ink(), history, &EpochRecord::train, metric),
                        metric_curve("validation", validation_ink(), history, &EpochRecord::val, metric)};
    if (!is_empty(curves.training) || !is_empty(curves.validation)) all.push_back(std::move(curves));
  }
  return all;
}

std::optional<int> best_of(const std::vector<EpochRecord>& history) {
  const EpochRecord* best = best_epoch(history);
  return best == nullptr || best->replaces ? std::nullopt : std::optional(best->epoch);
}

}  // namespace

Drawing draw_losses(const std::vector<EpochRecord>& history) {
  LineChart chart{"Loss",
                  Unit::plain,
                  {curve("training", training_ink(), history, &EpochRecord::train_loss)},
                  best_of(history)};
  if (std::any_of(history.begin(), history.end(), [](const EpochRecord& r) { return r.validates(); }))
    chart.curves.push_back(curve("validation", validation_ink(), history, &EpochRecord::val_loss));
  return draw_lines(chart);
}

std::vector<Drawing> draw_metrics(const std::vector<EpochRecord>& history) {
  std::vector<MetricCurves> all = metric_curves(history);
  // The share that both phases have comes first and gives the chart its title.
  std::stable_partition(all.begin(), all.end(), [](const MetricCurves& each) {
    return each.of_both() || unit_of(*each.metric) != Unit::share;
  });
  std::vector<LineChart> charts;
  std::optional<std::size_t> shares;  // their chart
  for (MetricCurves& each : all) {
    const Unit unit = unit_of(*each.metric);
    if (unit == Unit::share && shares) {
      each.validation.name += std::string(", ") + each.metric->name;
      each.validation.dashed = true;
      charts[*shares].curves.push_back(std::move(each.validation));
      continue;
    }
    if (unit == Unit::share) shares = charts.size();
    const bool of_val = !each.of_both();
    const std::string title = (of_val ? "validation " : "") + std::string(each.metric->heading);
    LineChart chart{capitalized(title), unit, {}, best_of(history)};
    if (each.of_both()) chart.curves.push_back(std::move(each.training));
    if (!is_empty(each.validation)) chart.curves.push_back(std::move(each.validation));
    charts.push_back(std::move(chart));
  }
  std::vector<Drawing> drawings;
  for (const LineChart& chart : charts) drawings.push_back(draw_lines(chart));
  return drawings;
}

Drawing draw_learning_rates(const std::vector<EpochRecord>& history) {
  Curve rates = curve("learning rate", InkChoice::series(3), history, &EpochRecord::lr);
  rates.probe.reset();  // a probe has no learning rate
  return draw_lines({"Learning rate", Unit::plain, {rates}});
}

Drawing draw_curves(const std::vector<EpochRecord>& history) {
  std::vector<Drawing> all = {draw_losses(history)};
  for (Drawing& metric : draw_metrics(history)) all.push_back(std::move(metric));
  all.push_back(draw_learning_rates(history));
  all.push_back(draw_times(history));
  const double width = all.front().width;
  Drawing page{2 * width, 0, "the curves of a training run", {}};
  for (std::size_t i = 0; i < all.size(); i += 2) {
    const bool two = i + 1 < all.size();
    place(page, all[i], 0, page.height);
    if (two) place(page, all[i + 1], width, page.height);
    page.height += std::max(all[i].height, two ? all[i + 1].height : 0);
  }
  return page;
}

}  // namespace graft
