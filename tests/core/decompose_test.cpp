#include "graft/core/decompose.h"

#include <gtest/gtest.h>

namespace graft {
namespace {

// The decompositions are those of Python's unicodedata.normalize("NFD", text).
TEST(Decomposed, SeparatesLettersFromTheirMarks) {
  EXPECT_EQ(decomposed("caf\u00e9 \u00c5"), "cafe\u0301 A\u030a");
  EXPECT_EQ(decomposed("\u1ec7"), "e\u0323\u0302");  // two marks
  EXPECT_EQ(decomposed("\u0439\u0451"), "\u0438\u0306\u0435\u0308");
  EXPECT_EQ(decomposed("\u0390"), "\u03b9\u0308\u0301");
  EXPECT_EQ(decomposed("\u30ac\u3071"), "\u30ab\u3099\u306f\u309a");
  EXPECT_EQ(decomposed("\uac00\ud55c"), "\u1100\u1161\u1112\u1161\u11ab");
}

TEST(Decomposed, KeepsEverythingElse) {
  for (const char* text : {"", "ants", "e\u0301", "\u00df\u00f8", "\u4e2d\u6587", "\U0001f41d", "a\xff\xc3"})
    EXPECT_EQ(decomposed(text), text);
}

TEST(Decomposed, TextsOfTheSameLettersDifferInTheirForm) {
  EXPECT_TRUE(differ_in_unicode_form("caf\u00e9", "cafe\u0301"));
  EXPECT_FALSE(differ_in_unicode_form("caf\u00e9", "caf\u00e9"));
  EXPECT_FALSE(differ_in_unicode_form("caf\u00e9", "cafe"));
  EXPECT_FALSE(differ_in_unicode_form("caf\u00e9", "cafe\u0300"));  // another accent
}

}  // namespace
}  // namespace graft
