#include "graft/weights/names.h"

namespace graft {

std::string printable(std::string_view text) {
  constexpr std::size_t most = 100;
  std::string result(text.substr(0, most));
  for (char& c : result) {
    if (c < ' ' || c > '~') c = '?';
  }
  return text.size() > most ? result + "…" : result;
}

}  // namespace graft
