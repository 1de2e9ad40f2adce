// Curves over the epochs of one or several runs.
#pragma once

#include <string>
#include <vector>

#include "graft/report/axes.h"
#include "graft/report/drawing.h"

namespace graft {

struct CurvePoint {
  int epoch = 0;
  double value = 0;  // what is no number leaves a gap
};

struct Curve {
  std::string name;
  std::vector<CurvePoint> points;  // by rising epoch
  bool dashed = false;
};

struct LineChart {
  std::string title;
  Unit unit = Unit::plain;
  std::vector<Curve> curves;  // coloured in this order
  double width = 460, height = 280;
};

// Where the pointer rests, the values of that epoch are told. Any number of curves and points.
Drawing draw_lines(const LineChart& chart);

}  // namespace graft
