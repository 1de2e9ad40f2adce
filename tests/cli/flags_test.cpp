#include "cli/flags.h"

#include <gtest/gtest.h>

namespace graft::cli {
namespace {

TEST(Flags, AreTheNamesOfOptionsWithHyphens) {
  EXPECT_EQ(flag_of("lr"), "--lr");
  EXPECT_EQ(flag_of("batch_size"), "--batch-size");
}

TEST(Flags, StandForQuotedOptionsInMessages) {
  EXPECT_EQ(in_flags("try a smaller `lr`, or `clip_grad` 1"), "try a smaller --lr, or --clip-grad 1");
  EXPECT_EQ(in_flags("`resume` runs/a continues it"), "graft train --resume runs/a continues it");
  EXPECT_EQ(in_flags("say where it is (`data`)"), "say where it is (DATA)");
  EXPECT_EQ(in_flags("`shuffle`: acts only once", {{"shuffle", "--no-shuffle"}}),
            "--no-shuffle: acts only once");
}

// Names of files may hold backquotes.
TEST(Flags, OtherBackquotesStay) {
  for (const char* text : {"", "`", "a`b", "`A file.jpg`", "``", "it's `1.5` `", "`x.jpg` is there"})
    EXPECT_EQ(in_flags(text), text);
  EXPECT_EQ(in_flags("a`b `lr`"), "a`b --lr");
  for (const char* text : {"no`batch_size`.jpg: is not there", "z/`skip_bad`.jpg", "of \"`batch_size` x\"",
                           "under \"`lr`\"", "tensors `lr`.weight, o`lr`/x", "ver`b`"})
    EXPECT_EQ(in_flags(text), text);
}

}  // namespace
}  // namespace graft::cli
