#include "graft/core/utf8.h"

#include <gtest/gtest.h>

namespace graft {
namespace {

TEST(Utf8, IsDistinguishedFromOtherBytes) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("layer1.0.weight"));
  EXPECT_TRUE(is_utf8("Grüße, 世界, \xF0\x9F\x90\x9C"));
  EXPECT_TRUE(is_utf8("\xF4\x8F\xBF\xBF"));   // U+10FFFF, the last
  EXPECT_FALSE(is_utf8("\xF4\x90\x80\x80"));  // the one after
  EXPECT_FALSE(is_utf8("\x80"));              // a second byte first
  EXPECT_FALSE(is_utf8("\xC3"));              // cut
  EXPECT_FALSE(is_utf8("\xC3("));             // no second byte
  EXPECT_FALSE(is_utf8("\xC0\x80"));          // overlong
  EXPECT_FALSE(is_utf8("\xE0\x80\x80"));      // overlong
  EXPECT_FALSE(is_utf8("\xED\xA0\x80"));      // a surrogate
  EXPECT_FALSE(is_utf8("\xFF"));
}

TEST(Utf8, CharactersAreEncoded) {
  std::string text;
  for (const char32_t code : {0x41U, 0x7FU, 0x80U, 0x7FFU, 0x800U, 0xFFFDU, 0x10000U, 0x10FFFFU})
    append_utf8(text, code);
  EXPECT_EQ(text, "A\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBD\xF0\x90\x80\x80\xF4\x8F\xBF\xBF");
}

}  // namespace
}  // namespace graft
