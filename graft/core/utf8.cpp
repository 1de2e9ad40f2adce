#include "graft/core/utf8.h"

namespace graft {
namespace {

struct Sequence {
  int length;            // bytes; 0 if no character begins with this byte
  std::uint32_t lowest;  // the smallest code point that needs this length
};

Sequence sequence_of(unsigned char first) {
  if (first < 0x80) return {1, 0};
  if ((first & 0xE0) == 0xC0) return {2, 0x80};
  if ((first & 0xF0) == 0xE0) return {3, 0x800};
  if ((first & 0xF8) == 0xF0) return {4, 0x10000};
  return {0, 0};
}

}  // namespace

Utf8Character utf8_at(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  const Sequence sequence = sequence_of(first);
  const auto length = static_cast<std::size_t>(sequence.length);
  if (length == 0 || length > text.size() - at) return {};
  std::uint32_t code = length == 1 ? first : first & (0x7FU >> length);
  for (std::size_t k = 1; k < length; ++k) {
    const auto next = static_cast<unsigned char>(text[at + k]);
    if ((next & 0xC0) != 0x80) return {};
    code = code << 6 | (next & 0x3FU);
  }
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < sequence.lowest || surrogate || code > 0x10FFFF) return {};
  return {length, code};
}

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_at(text, i).length;
    if (length == 0) return false;
    i += length;
  }
  return true;
}

void append_utf8(std::string& text, char32_t code) {
  const int continued = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;  // bytes after the first
  constexpr unsigned char first[] = {0x00, 0xC0, 0xE0, 0xF0};
  text += static_cast<char>(first[continued] | code >> (6 * continued));
  for (int i = continued - 1; i >= 0; --i) text += static_cast<char>(0x80 | (code >> (6 * i) & 0x3F));
}

}  // namespace graft
