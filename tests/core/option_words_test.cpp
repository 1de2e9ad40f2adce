#include "graft/core/option_words.h"

#include <gtest/gtest.h>

namespace graft {
namespace {

std::string replaced(std::string_view text) {
  return replace_options(text, [](const std::string& name) { return "<" + name + ">"; });
}

TEST(OptionWords, ReplaceQuotedOptions) {
  EXPECT_EQ(replaced("try a smaller `lr`, or `clip_grad` 1"), "try a smaller <lr>, or <clip_grad> 1");
  EXPECT_EQ(replaced("`beta1`: acts only (with `optimizer`)."), "<beta1>: acts only (with <optimizer>).");
  EXPECT_EQ(replaced("a`b `lr`"), "a`b <lr>");
}

// Names of files may contain backquotes.
TEST(OptionWords, OtherBackquotesStay) {
  for (const char* text : {"", "`", "a`b", "`A file.jpg`", "``", "it's `1.5` `", "`x.jpg` is there",
                           "no`batch_size`.jpg: is not there", "z/`skip_bad`.jpg", "of \"`batch_size` x\"",
                           "under \"`lr`\"", "tensors `lr`.weight, o`lr`/x", "ver`b`"})
    EXPECT_EQ(replaced(text), text);
}

}  // namespace
}  // namespace graft
