#include "graft/metrics/number_text.h"

#include <cmath>
#include <cstdio>

namespace graft {

std::string number_text(double number) {
  if (!std::isfinite(number)) return "–";
  char text[64];
  const double size = std::abs(number);
  std::snprintf(text, sizeof text, size >= 1e6 && size < 1e15 ? "%.0f" : "%.6g", number);
  return text;
}

}  // namespace graft
