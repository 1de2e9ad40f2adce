#include "cli/flags.h"

#include <gtest/gtest.h>

namespace graft::cli {
namespace {

TEST(Flags, AreTheNamesOfOptionsWithHyphens) {
  EXPECT_EQ(flag_of("lr"), "--lr");
  EXPECT_EQ(flag_of("batch_size"), "--batch-size");
}

TEST(Flags, ReplaceQuotedOptionsInMessages) {
  EXPECT_EQ(in_flags("try a smaller `lr`, or `clip_grad` 1"), "try a smaller --lr, or --clip-grad 1");
  EXPECT_EQ(in_flags("`resume` runs/a continues it"), "graft train --resume runs/a continues it");
  EXPECT_EQ(in_flags("say where it is (`data`)"), "say where it is (DATA)");
  EXPECT_EQ(in_flags("`shuffle`: acts only once", {{"shuffle", "--no-shuffle"}}),
            "--no-shuffle: acts only once");
}

}  // namespace
}  // namespace graft::cli
