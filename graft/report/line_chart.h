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
  double value = 0;  // a value that is not finite leaves a gap
};

struct Curve {
  std::string name;
  std::vector<CurvePoint> points;  // by ascending epoch
  InkChoice ink = Ink::text;
  bool dashed = false;
  // The value of a probe before the first epoch: a mark that is not connected to the curve.
  std::optional<double> probe;
  std::optional<int> best;  // the epoch with the larger point; 0: the probe
};

struct LineChart {
  std::string title;
  Unit unit = Unit::plain;
  std::vector<Curve> curves;
  std::optional<int> best;  // the epoch with the line "best"; 0: the probe
  double width = 460, height = 280;
};

// Each epoch has a hint with its values. Any number of curves and points.
Drawing draw_lines(const LineChart& chart);

}  // namespace graft
