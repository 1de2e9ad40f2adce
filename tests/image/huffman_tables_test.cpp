#include "graft/image/huffman_tables.h"

#include <gtest/gtest.h>

#include "graft/image/jpeg_decoder.h"
#include "tests/image/jpeg_samples.h"

namespace graft {
namespace {

using Kind = HuffmanTable::Kind;

// The tables of the JPEG standard, and those made for a picture.
std::vector<HuffmanCodes> ac_codes() {
  std::vector<HuffmanCodes> result;
  for (const bool optimized : {false, true}) {
    const auto bytes = test::jpeg_of(test::noisy(64, 64, 40).view(), {.optimized = optimized});
    JpegDecoder decoder(bytes);
    EXPECT_EQ(decoder.read_header(), JpegOutcome::done);
    const auto scan = decoder.only_scan();
    for (const JpegScanComponent& component : scan.value().components) result.push_back(component.ac);
  }
  return result;
}

struct PlainCode {
  int length = 0, symbol = 0;  // length 0: no such code
};

// As ITU-T T.81, F.2.2.3 has it: one bit at a time.
PlainCode plain_code(const HuffmanCodes& codes, std::uint32_t next16) {
  int code = 0, first = 0;
  std::size_t place = 0;
  for (int length = 1; length <= 16; ++length) {
    code = code << 1 | static_cast<int>(next16 >> (16 - length) & 1);
    first <<= 1;
    const int count = codes.counts[static_cast<std::size_t>(length)];
    if (code - first < count) return {length, codes.symbols[place + static_cast<std::size_t>(code - first)]};
    first += count;
    place += static_cast<std::size_t>(count);
  }
  return {};
}

TEST(HuffmanTables, EveryEntryIsThePlainCode) {
  for (const HuffmanCodes& codes : ac_codes()) {
    const auto table = HuffmanTable::of(codes, Kind::ac);
    ASSERT_TRUE(table.has_value());
    for (std::uint32_t next = 0; next < 1 << 16; ++next) {
      const PlainCode plain = plain_code(codes, next);
      const HuffmanEntry entry = table->entry(next);
      if (plain.length == 0) {
        ASSERT_EQ(entry.packed, 0U);
        continue;
      }
      const int value_bits = plain.symbol & 15;
      ASSERT_EQ(entry.bits(), plain.length + value_bits) << next;
      ASSERT_EQ(entry.advance(), plain.symbol == 0 ? HuffmanEntry::end_of_block : (plain.symbol >> 4) + 1);
      if (entry.value_bits() != 0) {
        ASSERT_EQ(entry.value_bits(), value_bits);
      } else if (value_bits != 0) {
        const std::uint32_t raw = next >> (16 - entry.bits()) & ((1U << value_bits) - 1);
        ASSERT_EQ(entry.value(), jpeg_value(raw, value_bits));
      }
    }
  }
}

TEST(HuffmanTables, SkipsAreTheirCodesOneAfterTheOther) {
  for (const HuffmanCodes& codes : ac_codes()) {
    const auto table = HuffmanTable::of(codes, Kind::ac);
    ASSERT_TRUE(table.has_value());
    for (std::uint32_t next = 0; next < 1 << HuffmanTable::skip_bits; ++next) {
      const HuffmanSkip skip = table->skip(next);
      ASSERT_LE(skip.bits(), HuffmanTable::skip_bits);
      int bits = 0, advance = 0;
      while (bits < skip.bits()) {
        ASSERT_LT(advance, HuffmanEntry::end_of_block);  // the end comes last
        const HuffmanEntry entry = table->entry(next << (16 - HuffmanTable::skip_bits + bits) & 0xffff);
        ASSERT_NE(entry.packed, 0U);
        bits += entry.bits();
        advance += entry.advance();
      }
      ASSERT_EQ(bits, skip.bits());
      ASSERT_EQ(bits == 0 ? HuffmanSkip::unknown : advance, skip.advance());
    }
  }
}

TEST(HuffmanTables, ValuesAreThoseOfTheStandard) {
  EXPECT_EQ(jpeg_value(0, 1), -1);
  EXPECT_EQ(jpeg_value(1, 1), 1);
  EXPECT_EQ(jpeg_value(0, 3), -7);
  EXPECT_EQ(jpeg_value(3, 3), -4);
  EXPECT_EQ(jpeg_value(4, 3), 4);
  EXPECT_EQ(jpeg_value(2047, 11), 2047);
}

TEST(HuffmanTables, WrongCodesAreNoTable) {
  HuffmanCodes ones;
  ones.counts[1] = 2;  // 0 and 1, of which 1 is all ones
  EXPECT_FALSE(HuffmanTable::of(ones, Kind::ac).has_value());
  HuffmanCodes crowded;
  crowded.counts[2] = 3;
  crowded.counts[3] = 2;
  EXPECT_FALSE(HuffmanTable::of(crowded, Kind::ac).has_value());
  HuffmanCodes many;
  many.counts.fill(255);
  EXPECT_FALSE(HuffmanTable::of(many, Kind::ac).has_value());
  HuffmanCodes wide;
  wide.counts[1] = 1;
  wide.symbols[0] = 12;
  EXPECT_FALSE(HuffmanTable::of(wide, Kind::dc).has_value());
  EXPECT_TRUE(HuffmanTable::of(HuffmanCodes{}, Kind::dc).has_value());
  EXPECT_EQ(HuffmanTable::of(HuffmanCodes{}, Kind::dc)->entry(0).packed, 0U);
}

// Zeros without a value, or a value of more bits than any picture's: no entry, so no picture.
TEST(HuffmanTables, MeaningsThatAreNotInUseHaveNoEntry) {
  for (const int symbol : {0x10, 0xe0, 0x0b, 0x0f}) {
    HuffmanCodes codes;
    codes.counts[1] = 1;
    codes.symbols[0] = static_cast<std::uint8_t>(symbol);
    const auto table = HuffmanTable::of(codes, Kind::ac);
    ASSERT_TRUE(table.has_value());
    EXPECT_EQ(table->entry(0).packed, 0U) << symbol;
    EXPECT_EQ(table->skip(0).bits(), 0) << symbol;
    EXPECT_EQ(table->skip(0).advance(), HuffmanSkip::unknown) << symbol;
  }
}

}  // namespace
}  // namespace graft
