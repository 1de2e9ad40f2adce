#include "graft/report/curves.h"

#include "graft/report/line_chart.h"
#include "graft/report/time_chart.h"

namespace graft {
namespace {

Curve curve(const char* name, const std::vector<EpochRecord>& history, double EpochRecord::*field) {
  Curve curve{name, {}};
  for (const EpochRecord& record : history) curve.points.push_back({record.epoch, record.*field});
  return curve;
}

}  // namespace

Drawing draw_losses(const std::vector<EpochRecord>& history) {
  return draw_lines({"Loss",
                     Unit::plain,
                     {curve("training", history, &EpochRecord::train_loss),
                      curve("validation", history, &EpochRecord::val_loss)}});
}

Drawing draw_accuracies(const std::vector<EpochRecord>& history) {
  LineChart chart{"Accuracy",
                  Unit::share,
                  {curve("training", history, &EpochRecord::train_acc),
                   curve("validation", history, &EpochRecord::val_acc)}};
  Curve map{"validation, mean average precision", {}};
  for (const EpochRecord& record : history) {
    if (record.val_map) map.points.push_back({record.epoch, *record.val_map});
  }
  if (!map.points.empty()) chart.curves.push_back(std::move(map));
  return draw_lines(chart);
}

Drawing draw_learning_rates(const std::vector<EpochRecord>& history) {
  return draw_lines({"Learning rate", Unit::plain, {curve("learning rate", history, &EpochRecord::lr)}});
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
