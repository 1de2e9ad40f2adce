#include "graft/report/charts.h"

#include <optional>
#include <utility>

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

// Of the mean average precision, which single-label data do not have.
Curve map_curve(const std::vector<EpochRecord>& history) {
  Curve curve{"validation, mean average precision", {}, validation_ink(), true};
  for (const EpochRecord& record : history) {
    if (!record.val_map) continue;
    if (record.probe) {
      curve.probe = record.val_map;
    } else {
      curve.points.push_back({record.epoch, *record.val_map});
    }
  }
  return curve;
}

std::optional<int> best_of(const std::vector<EpochRecord>& history) {
  const EpochRecord* best = best_epoch(history);
  return best == nullptr ? std::nullopt : std::optional(best->epoch);
}

}  // namespace

Drawing draw_losses(const std::vector<EpochRecord>& history) {
  return draw_lines({"Loss",
                     Unit::plain,
                     {curve("training", training_ink(), history, &EpochRecord::train_loss),
                      curve("validation", validation_ink(), history, &EpochRecord::val_loss)},
                     best_of(history)});
}

Drawing draw_accuracies(const std::vector<EpochRecord>& history) {
  LineChart chart{"Accuracy",
                  Unit::share,
                  {curve("training", training_ink(), history, &EpochRecord::train_acc),
                   curve("validation", validation_ink(), history, &EpochRecord::val_acc)},
                  best_of(history)};
  Curve map = map_curve(history);
  if (map.probe || !map.points.empty()) chart.curves.push_back(std::move(map));
  return draw_lines(chart);
}

Drawing draw_learning_rates(const std::vector<EpochRecord>& history) {
  Curve rates = curve("learning rate", InkChoice::series(3), history, &EpochRecord::lr);
  rates.probe.reset();  // it has none
  return draw_lines({"Learning rate", Unit::plain, {rates}});
}

Drawing draw_curves(const std::vector<EpochRecord>& history) {
  const Drawing losses = draw_losses(history);
  const double width = losses.width, height = losses.height;
  Drawing page{2 * width, 2 * height, "the curves of a training", {}};
  place(page, losses, 0, 0);
  place(page, draw_accuracies(history), width, 0);
  place(page, draw_learning_rates(history), 0, height);
  place(page, draw_times(history), width, height);
  return page;
}

}  // namespace graft
