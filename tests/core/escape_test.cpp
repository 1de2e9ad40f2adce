#include "graft/core/escape.h"

#include <gtest/gtest.h>

namespace graft {
namespace {

TEST(EscapeControls, EscapesControlCharacters) {
  EXPECT_EQ(escape_controls("x\x1b[31m\ny.jpg"), "x\\x1b[31m\\x0ay.jpg");
  EXPECT_EQ(escape_controls("\x7f \xc2\x9b"), "\\u007f \\u009b");
  EXPECT_EQ(escape_controls("a\u202egpj"), "a\\u202egpj");
  EXPECT_EQ(escape_controls("\u2066x\u2069"), "\\u2066x\\u2069");
}

TEST(EscapeControls, ALineHasOneEnd) { EXPECT_EQ(escaped_line("a\nb"), "a\\x0ab\n"); }

TEST(EscapeControls, EscapesInvalidUtf8) {
  EXPECT_EQ(escape_controls("caf\xe9.jpg"), "caf\\xe9.jpg");
  EXPECT_EQ(escape_controls("ends in \xc2"), "ends in \\xc2");
}

TEST(EscapeControls, KeepsText) {
  for (const char* text : {"", "a\\b \"c\"", "Grüße", "蚂蚁", "🐜"}) EXPECT_EQ(escape_controls(text), text);
}

TEST(EscapeNonAscii, ShowsEachCharacter) {
  EXPECT_EQ(escape_non_ascii("caf\u00e9 cafe\u0301 \U0001f41c"), "caf\\u00e9 cafe\\u0301 \\U0001f41c");
  EXPECT_EQ(escape_non_ascii("a\x1b\xff~"), "a\\x1b\\xff~");
}

TEST(PercentEncode, IsThatOfRfc3986) { EXPECT_EQ(percent_encode("a/caf\xe9 1%.jpg"), "a/caf%E9%201%25.jpg"); }

TEST(Printable, IsShortAndPlain) {
  EXPECT_EQ(printable("fc.weight"), "fc.weight");
  EXPECT_EQ(printable("a\x1b[2J\n"), "a?[2J?");
  EXPECT_EQ(printable(std::string(300, 'x')), std::string(100, 'x') + "…");
}

}  // namespace
}  // namespace graft
