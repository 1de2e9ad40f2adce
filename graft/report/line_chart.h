// Curves over the epochs of one or several runs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graft/report/axes.h"
#include "graft/report/drawing.h"

namespace graft {

struct CurvePoint {
  int epoch = 1;
  double value = 0;  // what is no number leaves a gap
};

struct Curve {
  std::string name;
  std::vector<CurvePoint> points;  // by rising epoch
  InkChoice ink = Ink::text;
  bool dashed = false;
  // The value that a probe gave before the first epoch: a mark beside the curve, which it does not join.
  std::optional<double> probe;
  std::optional<int> best;  // the epoch whose point is drawn larger; 0: the probe
};

struct LineChart {
  std::string title;
  Unit unit = Unit::plain;
  std::vector<Curve> curves;
  std::optional<int> best;  // the epoch at which a line stands that is named "best"; 0: the probe
  double width = 460, height = 280;
};

// Where the pointer rests, the values of that epoch are shown. Any number of curves and points.
Drawing draw_lines(const LineChart& chart);

}  // namespace graft
