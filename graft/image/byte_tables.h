// Pixel operations on one value at a time, as a table of the 256 results computed once per image.
#pragma once

#include <array>
#include <cstdint>

#include "graft/image/image.h"

namespace graft {

using ByteTable = std::array<std::uint8_t, 256>;
using ByteTables = std::array<ByteTable, Image::channels>;  // red, green, blue

// The table of f(0) … f(255).
template <class Function>
ByteTable byte_table(const Function& f) {
  ByteTable table{};
  for (int value = 0; value < 256; ++value) table[static_cast<std::size_t>(value)] = f(value);
  return table;
}

inline void map_bytes(Image& image, const ByteTable& table) {
  std::uint8_t* const end = image.data() + image.size_bytes();
  for (std::uint8_t* value = image.data(); value != end; ++value) *value = table[*value];
}

inline void map_bytes(Image& image, const ByteTables& tables) {
  std::uint8_t* const end = image.data() + image.size_bytes();
  for (std::uint8_t* pixel = image.data(); pixel != end; pixel += Image::channels) {
    for (std::size_t c = 0; c < tables.size(); ++c) pixel[c] = tables[c][pixel[c]];
  }
}

}  // namespace graft
