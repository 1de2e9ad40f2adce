#include "graft/data/class_names.h"

#include <string_view>
#include <unordered_set>

#include "graft/core/error.h"
#include "graft/core/text.h"

namespace graft {
namespace {

// The length of the well-formed UTF-8 character at the front of `text`, which is not empty; 0 for none
// (The Unicode Standard, table 3-7).
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4) return 0;
  const std::size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  const unsigned low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const unsigned high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (byte(1) < low || byte(1) > high) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  return length;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace

void check_class_names(const std::filesystem::path& root, const std::vector<std::string>& classes) {
  for (const std::string& name : classes) {
    if (is_utf8(name)) continue;
    throw Error((root / name).string(), "the name of this class folder is not UTF-8", "rename the folder");
  }
}

void check_known_classes(const std::filesystem::path& root, const std::vector<std::string>& found,
                         const std::vector<std::string>& known, const std::string& owner) {
  const std::unordered_set<std::string_view> names(known.begin(), known.end());
  for (const std::string& name : found) {
    if (names.contains(name)) continue;
    const std::string meant = did_you_mean(name, known);
    throw Error((root / name).string(), owner + " has no class \"" + name + "\"",
                meant.empty() ? "rename or remove the folder" : meant);
  }
}

}  // namespace graft
