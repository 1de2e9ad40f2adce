// How decode_reduced reads one block of a JPEG: the codes of the frequencies that its few pixels need one by
// one, the others several at once. Internal, and all of it inline: it runs once a block.
//
// Numbers stay small whatever the bytes are: values have at most 11 bits, steps 16.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "graft/image/code_bits.h"
#include "graft/image/huffman_tables.h"
#include "graft/image/reduced_dct.h"

namespace graft {

// Places of the frequencies in the order of their codes.
inline constexpr std::array<std::uint8_t, 64> zigzag = {
    0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,  12, 19, 26, 33, 40, 48,
    41, 34, 27, 20, 13, 6,  7,  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23,
    30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63};

// How many rows and columns hold the frequencies up to that index: the number of its diagonal.
inline constexpr std::array<std::uint8_t, 64> extents = [] {
  std::array<std::uint8_t, 64> result{};
  for (std::size_t i = 0; i < 64; ++i) {
    const int diagonal = zigzag[i] / 8 + zigzag[i] % 8 + 1;
    result[i] = static_cast<std::uint8_t>(diagonal < 8 ? diagonal : 8);
  }
  return result;
}();

// Far beyond the mean values of 8-bit pictures, and small enough to be multiplied by any step.
inline constexpr int most_dc = 1 << 14;

// A component of a scan, and how far it is read.
struct ReducedComponent {
  HuffmanTable dc, ac;
  std::array<std::int32_t, 64> steps;  // in the order of the codes
  int across, down;                    // blocks of an MCU
  int height, width;                   // pixels of a block
  int frequencies;                     // that are needed
  ReducedTransform transform;
  int last_dc = 0;                   // before its step
  std::vector<std::uint8_t> pixels;  // of a row of MCUs, those that are needed
  std::size_t stride = 0;
};

// The table's next code; `value` is 0 where it has none. False: there is no such code.
[[gnu::always_inline]] inline bool next_code(CodeBits& bits, const HuffmanTable& table, int& advance,
                                             int& value) {
  const HuffmanEntry entry = table.entry(bits.peek(16));
  if (entry.packed == 0) [[unlikely]]
    return false;
  value = entry.value();
  if (const int value_bits = entry.value_bits(); value_bits != 0) {
    value = jpeg_value(bits.peek_behind(entry.bits() - value_bits, value_bits), value_bits);
  }
  bits.take(entry.bits());
  advance = entry.advance();
  return true;
}

// In a block: how many frequencies are behind. It ends with 64 of them or with a code that says so.
inline bool goes_on(int index) { return index < 64; }
inline bool ends_well(int index) {
  return index == 64 || (index >= HuffmanEntry::end_of_block && index < HuffmanEntry::end_of_block + 64);
}

// Passes the rest of a block. False: not a block.
[[gnu::always_inline]] inline bool skip_rest(CodeBits& bits, const HuffmanTable& table, int index) {
  constexpr int skips = CodeBits::after_refill / HuffmanTable::skip_bits;
  while (true) {
    bits.refill();
    for (int i = 0; i < skips; ++i) {
      const HuffmanSkip skip = table.skip(bits.peek(HuffmanTable::skip_bits));
      const int after = index + skip.advance();
      if (!goes_on(after)) {
        if (ends_well(after)) [[likely]] {
          bits.take(skip.bits());
          return true;
        }
        break;  // not known, or some of these codes are the next block's
      }
      bits.take(skip.bits());
      index = after;
    }
    bits.refill();
    int advance, value;
    if (!next_code(bits, table, advance, value)) return false;
    index += advance;
    if (!goes_on(index)) return ends_well(index);
  }
}

// `frequencies` is zero but for the first one when this begins. `extent` becomes how many rows and columns
// may hold others.
[[gnu::always_inline]] inline bool read_frequencies(CodeBits& bits, const ReducedComponent& component,
                                                    std::int32_t* frequencies, int& extent) {
  int index = 1, last = 0;
  while (index < component.frequencies) {
    bits.refill();
    int advance, value;
    if (!next_code(bits, component.ac, advance, value)) return false;
    index += advance;
    if (index > 64) break;
    last = index - 1;
    const auto at = static_cast<std::size_t>(last);
    frequencies[zigzag[at]] = value * component.steps[at];
  }
  extent = extents[static_cast<std::size_t>(last)];
  return goes_on(index) ? skip_rest(bits, component.ac, index) : ends_well(index);
}

// The next block, in pixels to `out` or, where that is null, only passed. False: not a block.
[[gnu::always_inline]] inline bool read_block(CodeBits& bits, ReducedComponent& component,
                                              std::uint8_t* out) {
  bits.refill();
  int advance, difference;
  if (!next_code(bits, component.dc, advance, difference)) return false;
  component.last_dc += difference;
  if (component.last_dc < -most_dc || component.last_dc > most_dc) [[unlikely]]
    return false;
  if (out == nullptr) return skip_rest(bits, component.ac, 1);
  std::array<std::int32_t, 64> frequencies{};
  frequencies[0] = component.last_dc * component.steps[0];
  int extent;
  if (!read_frequencies(bits, component, frequencies.data(), extent)) return false;
  component.transform(frequencies.data(), extent, out, component.stride);
  return true;
}

}  // namespace graft
