#include "graft/core/counted.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace graft {
namespace {

TEST(Counted, OneIsSingular) {
  EXPECT_EQ(counted(1, "epoch"), "1 epoch");
  EXPECT_EQ(counted(std::size_t{1}, "class"), "1 class");
}

TEST(Counted, OtherCountsArePlural) {
  EXPECT_EQ(counted(0, "picture"), "0 pictures");
  EXPECT_EQ(counted(std::int64_t{3}, "training picture"), "3 training pictures");
  EXPECT_EQ(counted(2, "epoch"), "2 epochs");
  EXPECT_EQ(counted(2, "class"), "2 classes");
  EXPECT_EQ(counted(2, "batch"), "2 batches");
}

}  // namespace
}  // namespace graft
