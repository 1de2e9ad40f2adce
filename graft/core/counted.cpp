#include "graft/core/counted.h"

namespace graft {

std::string plural(std::string_view noun) {
  const bool after_consonant =
      noun.size() > 1 && std::string_view("aeiou").find(noun[noun.size() - 2]) == noun.npos;
  if (noun.ends_with('y') && after_consonant) return std::string(noun.substr(0, noun.size() - 1)) + "ies";
  const bool with_e = noun.ends_with('s') || noun.ends_with("tch");
  return std::string(noun) + (with_e ? "es" : "s");
}

}  // namespace graft
