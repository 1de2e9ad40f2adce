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
  return draw_lines({"Accuracy",
                     Unit::share,
                     {curve("training", history, &EpochRecord::train_acc),
                      curve("validation", history, &EpochRecord::val_acc)}});
}

Drawing draw_learning_rates(const std::vector<EpochRecord>& history) {
  return draw_lines({"Learning rate", Unit::plain, {curve("learning rate", history, &EpochRecord::lr)}});
}

Drawing draw_curves(const std::vector<EpochRecord>& history) {
  const Drawing parts[] = {draw_losses(history), draw_accuracies(history), draw_learning_rates(history),
                           draw_times(history)};
  const double width = parts[0].width, height = parts[0].height;
  Drawing page{2 * width, 2 * height, "the curves of a training", {}};
  for (int i = 0; i < 4; ++i) place(page, parts[i], i % 2 * width, i / 2 * height);
  return page;
}

}  // namespace graft
