#include "graft/metrics/number_text.h"

#include <gtest/gtest.h>

#include <limits>

namespace graft {
namespace {

TEST(NumberText, HasTheDigitsOfItsSize) {
  EXPECT_EQ(number_text(12.34567), "12.3457");
  EXPECT_EQ(number_text(0), "0");
  EXPECT_EQ(number_text(-0.0), "0");
  EXPECT_EQ(number_text(254312.7), "254313");
  EXPECT_EQ(number_text(1.7000158e9), "1700015800");
  EXPECT_EQ(number_text(-1e-12), "-1e-12");
  EXPECT_EQ(number_text(1700000169106774272), "1700000169106774272");  // nanoseconds
  EXPECT_EQ(number_text(3e20), "3e+20");
}

TEST(NumberText, NearlyEqualNumbersHaveTheDigitsThatDistinguishThem) {
  EXPECT_EQ(number_text(1.0000000169106777, 1e-8), "1.0000000169");
  EXPECT_EQ(number_text(1234567.8912, 0.01), "1234567.8912");
  EXPECT_EQ(number_text(1234567.8912, 1000), "1234568");
  EXPECT_EQ(number_text(12.34567, 5), "12.3457");
  EXPECT_EQ(number_text(1, 1e-300), "1");
  EXPECT_EQ(number_text(0, 1e-3), "0");
  EXPECT_EQ(number_text(12.34567, std::numeric_limits<double>::quiet_NaN()), "12.3457");
}

TEST(NumberText, NotFiniteIsADash) {
  EXPECT_EQ(number_text(std::numeric_limits<double>::quiet_NaN()), "–");
  EXPECT_EQ(number_text(-std::numeric_limits<double>::infinity()), "–");
}

TEST(NumberText, AMetricHasTheDigitsOfItsUnit) {
  EXPECT_EQ(metric_text(find_metric("acc"), 2.0 / 3), "0.6667");
  EXPECT_EQ(metric_text(find_metric("mae"), 1234.5678), "1234.57");
}

}  // namespace
}  // namespace graft
