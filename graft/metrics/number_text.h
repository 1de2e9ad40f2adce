// Formats numbers in the unit of the labels for people.
#pragma once

#include <string>

namespace graft {

// Six significant digits: "12.3457". Large integers have all their digits: prices, years, seconds. A value
// that is not finite is "–".
std::string number_text(double number);

}  // namespace graft
