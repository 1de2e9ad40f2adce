// Numbers in the unit of the labels, as people read them.
#pragma once

#include <string>

namespace graft {

// With six digits: "12.3457". Whole numbers of some length have all their digits: prices, years, seconds.
// What is not finite is "–".
std::string number_text(double number);

}  // namespace graft
