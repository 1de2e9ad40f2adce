#include "graft/image/code_bits.h"

#include <gtest/gtest.h>

#include <vector>

#include "graft/core/random.h"

namespace graft {
namespace {

using Bytes = std::vector<std::uint8_t>;

// Codes with many 0xff, then a marker; and their bits one by one.
TEST(CodeBits, GivesEveryBitWithoutTheStuffing) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Random random(seed, 0, 0);
    Bytes bytes;
    std::vector<int> bits;
    const auto count = random.below(60);
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto byte = static_cast<std::uint8_t>(random.below(8) == 0 ? 255 : random.below(256));
      bytes.push_back(byte);
      if (byte == 255) bytes.push_back(0);
      for (int bit = 7; bit >= 0; --bit) bits.push_back(byte >> bit & 1);
    }
    bytes.insert(bytes.end(), {0xff, 0xd9});
    CodeBits reader(bytes);
    for (std::size_t at = 0; at < bits.size();) {
      EXPECT_FALSE(reader.pass_marker(0xd9) && bits.size() - at > 7);
      const auto taken = static_cast<int>(std::min<std::size_t>(1 + random.below(16), bits.size() - at));
      std::uint32_t expected = 0;
      for (int i = 0; i < taken; ++i) expected = expected << 1 | static_cast<std::uint32_t>(bits[at++]);
      reader.refill();
      ASSERT_EQ(reader.peek(taken), expected);
      reader.take(taken);
      if (bits.size() - at < 8) break;
    }
    EXPECT_FALSE(reader.pass_marker(0xd8));
    EXPECT_TRUE(reader.pass_marker(0xd9));
  }
}

TEST(CodeBits, PeeksBehind) {
  const Bytes bytes = {0x12, 0x34, 0x56};
  CodeBits reader(bytes);
  reader.refill();
  EXPECT_EQ(reader.peek_behind(4, 8), 0x23U);
  EXPECT_EQ(reader.peek_behind(12, 12), 0x456U);
}

TEST(CodeBits, KnowsWhenItRanOut) {
  for (const Bytes& bytes :
       {Bytes{0xab}, Bytes{0xab, 0xff}, Bytes{0xab, 0xff, 0xd9}, Bytes{0xab, 0xff, 0xff, 0}}) {
    CodeBits reader(bytes);
    reader.refill();
    EXPECT_EQ(reader.peek(16), 0xab00U);
    reader.take(8);
    EXPECT_FALSE(reader.ran_out());
    for (int i = 0; i < 100; ++i) {
      reader.take(1);
      reader.refill();
      EXPECT_TRUE(reader.ran_out());
      EXPECT_EQ(reader.peek(16), 0U);
      EXPECT_FALSE(reader.pass_marker(0xd9));
    }
  }
  CodeBits none(Bytes{});
  none.refill();
  EXPECT_FALSE(none.ran_out());
  EXPECT_FALSE(none.pass_marker(0xd9));
}

// A whole byte that nobody asked for stands before it.
TEST(CodeBits, AMarkerFollowsTheLastByteOfTheCodes) {
  const Bytes bytes = {0xab, 0xcd, 0xff, 0xd0, 0x80};
  CodeBits reader(bytes);
  reader.refill();
  reader.take(8);
  EXPECT_FALSE(reader.pass_marker(0xd0));
  reader.take(1);
  EXPECT_TRUE(reader.pass_marker(0xd0));
  reader.refill();
  EXPECT_EQ(reader.peek(8), 0x80U);
}

}  // namespace
}  // namespace graft
