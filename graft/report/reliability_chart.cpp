#include "graft/report/charts.h"

#include <cstdio>
#include <utility>

#include "graft/core/text.h"
#include "graft/report/axes.h"

namespace graft {
namespace {

std::string bins_title(const std::vector<CalibrationBin>& bins) {
  char text[64];
  std::snprintf(text, sizeof text, "Reliability, calibration error %.4f", expected_calibration_error(bins));
  return text;
}

void draw_bin(Drawing& drawing, const Axes& axes, const CalibrationBin& bin) {
  if (bin.count == 0) return;
  const bool is_few = std::cmp_less(bin.count, few_in_bin);
  const double left = axes.x(bin.low) + 1, width = axes.x(bin.high) - axes.x(bin.low) - 2;
  drawing.add(Bar{left, axes.y(bin.accuracy), width, axes.y(0) - axes.y(bin.accuracy), Ink::right,
                  is_few ? 0.35 : 0.85, ""});
  drawing.add(Label{{left + width / 2, axes.top() - 8},
                    std::to_string(bin.count),
                    10,
                    Label::From::middle,
                    is_few ? Ink::muted : Ink::text});
  const double said = axes.y(bin.confidence);
  drawing.add(Stroke{{{left, said}, {left + width, said}}, InkChoice::series(1), 3});
  drawing.add(Bar{left, axes.top(), width, axes.height(), Ink::none, 1,
                  "probability " + value_text(bin.low, Unit::share) + " to " +
                      value_text(bin.high, Unit::share) + "\n" + counted(bin.count, "picture") +
                      "\ncorrect " + value_text(bin.accuracy, Unit::share) + "\nmean probability " +
                      value_text(bin.confidence, Unit::share)});
}

}  // namespace

Drawing draw_reliability(const std::vector<CalibrationBin>& bins) {
  const std::string title = bins_title(bins);
  Drawing drawing{420, 400, title, {}};
  const Axes axes(drawing, title,
                  {{"share of correct predictions", Ink::right}, {"mean probability", InkChoice::series(1)}},
                  share_axis("probability of the prediction"), share_axis(""));
  for (const CalibrationBin& bin : bins) draw_bin(drawing, axes, bin);
  drawing.add(Stroke{{{axes.x(0), axes.y(0)}, {axes.x(1), axes.y(1)}}, Ink::muted, 1.5, true});
  return drawing;
}

}  // namespace graft
