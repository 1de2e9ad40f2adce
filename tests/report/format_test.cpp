#include "graft/report/format.h"

#include <gtest/gtest.h>

#include <cmath>

namespace graft {
namespace {

TEST(Format, Durations) {
  EXPECT_EQ(duration_text(0.25), "0.2 s");
  EXPECT_EQ(duration_text(42.4), "42 s");
  EXPECT_EQ(duration_text(185), "3 min 05 s");
  EXPECT_EQ(duration_text(7620), "2 h 07 min");
  EXPECT_EQ(duration_text(std::nan("")), "–");
}

TEST(Format, SizesAndLargeCounts) {
  EXPECT_EQ(size_text(999), "999 B");
  EXPECT_EQ(size_text(44'800'000), "44.8 MB");
  EXPECT_EQ(size_text(5'000'000'000'000), "5000.0 GB");
  EXPECT_EQ(rounded_count_text(850), "850");
  EXPECT_EQ(rounded_count_text(11'178'051), "11.2 million");
}

TEST(Format, NumbersThatAreNotFinite) {
  EXPECT_EQ(fixed_text(0.5, 4), "0.5000");
  EXPECT_EQ(fixed_text(std::nan(""), 4), "–");
  EXPECT_EQ(fixed_text(INFINITY, 4), "–");
  EXPECT_GT(fixed_text(1e300, 4).size(), 300U);
}

}  // namespace
}  // namespace graft
