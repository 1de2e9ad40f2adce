#include "graft/core/error.h"

#include <gtest/gtest.h>

#include <string>

namespace graft {
namespace {

TEST(Error, HasLocationProblemAndAdvice) {
  EXPECT_STREQ(Error("a.jpg", "is empty", "remove it").what(), "a.jpg: is empty; remove it");
  EXPECT_STREQ(Error("", "is empty").what(), "is empty");
}

TEST(Error, IsOneLineWithoutControlCharacters) {
  const Error error("a\n\x1b[31m.jpg", "begins with \"\xc2\x9b\x7f\"", "Grüße");
  EXPECT_STREQ(error.what(), "a\\x0a\\x1b[31m.jpg: begins with \"\\u009b\\u007f\"; Grüße");
  EXPECT_EQ(error.where(), "a\n\x1b[31m.jpg");  // a path stays a path
  EXPECT_STREQ(Error("x", "ends in \xc2").what(), "x: ends in \\xc2");
}

}  // namespace
}  // namespace graft
