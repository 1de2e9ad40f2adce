#include "graft/core/counted.h"

namespace graft {

std::string plural(std::string_view noun) {
  const bool with_e = noun.ends_with('s') || noun.ends_with("tch");
  return std::string(noun) + (with_e ? "es" : "s");
}

}  // namespace graft
