// Access to the shapes of a drawing.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "graft/report/drawing.h"

namespace graft::test {

template <class S>
std::vector<S> shapes_of(const Drawing& drawing) {
  std::vector<S> found;
  for (const Shape& shape : drawing.shapes) {
    if (const S* s = std::get_if<S>(&shape)) found.push_back(*s);
  }
  return found;
}

inline bool has_label(const Drawing& drawing, const std::string& text) {
  const auto labels = shapes_of<Label>(drawing);
  return std::any_of(labels.begin(), labels.end(), [&](const Label& label) { return label.text == text; });
}

// The hints, in the order of the shapes.
inline std::vector<std::string> hints_of(const Drawing& drawing) {
  std::vector<std::string> hints;
  for (const Bar& bar : shapes_of<Bar>(drawing)) {
    if (!bar.hint.empty()) hints.push_back(bar.hint);
  }
  return hints;
}

}  // namespace graft::test
