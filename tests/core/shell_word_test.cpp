#include "graft/core/shell_word.h"

#include <gtest/gtest.h>

namespace graft {
namespace {

TEST(ShellWord, IsQuotedIfNecessary) {
  EXPECT_EQ(shell_word("runs/train2"), "runs/train2");
  EXPECT_EQ(shell_word("my run"), "'my run'");
  EXPECT_EQ(shell_word("it's;rm"), "'it'\\''s;rm'");
  EXPECT_EQ(shell_word(""), "''");
}

}  // namespace
}  // namespace graft
