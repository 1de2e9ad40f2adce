#include "graft/image/huffman_tables.h"

namespace graft {
namespace {

constexpr int most_dc_bits = 11, most_ac_bits = 10;  // of a value, in pictures of 8 bits a sample

HuffmanEntry packed(int bits, int value_bits, int advance, int value) {
  return {static_cast<std::uint32_t>(bits) | static_cast<std::uint32_t>(value_bits) << 6 |
          static_cast<std::uint32_t>(advance) << 10 | static_cast<std::uint32_t>(value) << 18};
}

// The meaning of an AC code of this length; nothing for a meaning that is not in use.
HuffmanEntry ac_meaning(int length, int symbol) {
  const int zeros = symbol >> 4, value_bits = symbol & 15;
  if (symbol == 0) return packed(length, 0, HuffmanEntry::end_of_block, 0);
  if (value_bits > most_ac_bits || (value_bits == 0 && zeros != 15)) return {};
  return packed(length + value_bits, value_bits, zeros + 1, 0);
}

}  // namespace

std::optional<HuffmanTable> HuffmanTable::of(const HuffmanCodes& codes, Kind kind) {
  HuffmanTable table;
  std::uint32_t code = 0, place = 0;
  for (int length = 1; length <= 16; ++length, code <<= 1) {
    const auto at = static_cast<std::size_t>(length);
    const std::uint32_t count = codes.counts[at];
    // A code of ones alone is not allowed.
    if (place + count > codes.symbols.size() || (count != 0 && code + count >= 1U << length)) return {};
    table.first_[at] = code;
    table.counts_[at] = count;
    table.place_[at] = place;
    for (std::uint32_t i = 0; i < count; ++i, ++place, ++code) {
      const int symbol = codes.symbols[place];
      if (kind == Kind::dc && symbol > most_dc_bits) return {};
      table.meanings_[place] =
          kind == Kind::dc ? packed(length + symbol, symbol, 0, 0) : ac_meaning(length, symbol);
    }
  }
  table.fill_entries();
  if (kind == Kind::ac) table.fill_skips();
  return table;
}

HuffmanEntry HuffmanTable::long_entry(std::uint32_t next16) const {
  for (std::size_t length = 1; length <= 16; ++length) {
    const std::uint32_t nth = (next16 >> (16 - length)) - first_[length];
    if (nth < counts_[length]) return meanings_[place_[length] + nth];
  }
  return {};
}

void HuffmanTable::fill_entries() {
  for (std::uint32_t next = 0; next < entries_.size(); ++next) {
    HuffmanEntry found = long_entry(next << (16 - entry_bits));
    const int code_bits = found.bits() - found.value_bits();
    if (code_bits > entry_bits) continue;  // more bits are needed to tell
    if (found.value_bits() != 0 && found.bits() <= entry_bits) {
      const std::uint32_t raw = next >> (entry_bits - found.bits()) & ((1U << found.value_bits()) - 1);
      found = packed(found.bits(), 0, found.advance(), jpeg_value(raw, found.value_bits()));
    }
    entries_[next] = found;
  }
}

void HuffmanTable::fill_skips() {
  skips_.resize(1 << skip_bits);
  for (std::uint32_t next = 0; next < skips_.size(); ++next) {
    int bits = 0, advance = 0;
    while (advance < 64) {
      const HuffmanEntry one = entry(next << (16 - skip_bits + bits) & 0xffff);
      if (one.packed == 0 || bits + one.bits() > skip_bits) break;
      bits += one.bits();
      advance += one.advance();
    }
    if (bits == 0) advance = HuffmanSkip::unknown;
    skips_[next].packed = static_cast<std::uint16_t>(bits | advance << 6);
  }
}

}  // namespace graft
