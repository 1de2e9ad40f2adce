// A JPEG's Huffman codes as tables to look up what the next bits mean: a code with its value in one step
// where both are short, several codes at once where nobody wants to know their values.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "graft/image/jpeg_scan.h"

namespace graft {

// What a code means.
struct HuffmanEntry {
  // bits 0–5: how many bits the code and its value take; 0: no such code
  // bits 6–9: how many of them are the value's, to be read; 0: `value` has it
  // bits 10–17: how far it moves in the block: zeros + 1, or end_of_block
  // bits 18–31: the value
  std::uint32_t packed = 0;

  int bits() const { return static_cast<int>(packed & 63); }
  int value_bits() const { return static_cast<int>(packed >> 6 & 15); }
  int advance() const { return static_cast<int>(packed >> 10 & 255); }
  int value() const { return static_cast<std::int32_t>(packed) >> 18; }

  static constexpr int end_of_block = 128;
};

// The number that `raw`, a value of so many bits (1–16), stands for.
inline int jpeg_value(std::uint32_t raw, int bits) {
  const int value = static_cast<int>(raw);
  return value >= 1 << (bits - 1) ? value : value - (1 << bits) + 1;
}

// Several codes in a row.
struct HuffmanSkip {
  std::uint16_t packed = 0;  // bits 0–5 and 6–15: bits() and advance() of them all

  int bits() const { return packed & 63; }
  int advance() const { return packed >> 6; }

  // The advance where not one code is complete: further than any codes go.
  static constexpr int unknown = 512;
};

class HuffmanTable {
 public:
  static constexpr int entry_bits = 10, skip_bits = 13;

  enum class Kind { dc, ac };
  // Nothing where the codes are not a prefix code as JPEG has it, or a DC code means more than 11 bits. A use
  // of an AC code that 8-bit pictures have no use for finds no entry.
  static std::optional<HuffmanTable> of(const HuffmanCodes& codes, Kind kind);

  // Of the next 16 bits.
  HuffmanEntry entry(std::uint32_t next16) const {
    const HuffmanEntry found = entries_[next16 >> (16 - entry_bits)];
    return found.packed != 0 ? found : long_entry(next16);
  }
  // Of the next skip_bits bits. For kind ac.
  HuffmanSkip skip(std::uint32_t next) const { return skips_[next]; }

 private:
  HuffmanTable() = default;
  HuffmanEntry long_entry(std::uint32_t next16) const;
  void fill_entries();
  void fill_skips();

  // Codes of one length are consecutive numbers: which is the first, and where their meanings begin.
  std::array<std::uint32_t, 17> first_{}, counts_{}, place_{};
  std::array<HuffmanEntry, 256> meanings_{};  // whose values are to be read
  std::array<HuffmanEntry, 1 << entry_bits> entries_{};
  std::vector<HuffmanSkip> skips_;
};

}  // namespace graft
