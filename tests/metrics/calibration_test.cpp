#include "graft/metrics/calibration.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace graft {
namespace {

const std::vector<Confidence> ten = {{0.95, true},  {0.6, true}, {0.51, false}, {0.88, true}, {0.4, false},
                                     {0.55, false}, {1.0, true}, {0.97, true},  {0.7, true},  {0.34, false}};

// edges = numpy.linspace(0, 1, 16); ece = 0
// for low, high in zip(edges[:-1], edges[1:]):
//     inside = (probability > low) & (probability <= high)
//     if inside.any(): ece += abs(right[inside].mean() - probability[inside].mean()) * inside.mean()
TEST(Calibration, EqualsThatOfTheDefinition) {
  const auto bins = calibration_bins(ten);
  ASSERT_EQ(bins.size(), 15U);
  EXPECT_NEAR(expected_calibration_error(bins), 0.19, 1e-12);
  EXPECT_EQ(bins[5].count, 2);  // (1/3, 0.4]: 0.34 and 0.4
  EXPECT_NEAR(bins[5].confidence, 0.37, 1e-12);
  EXPECT_EQ(bins[5].accuracy, 0);
  EXPECT_EQ(bins[8].count, 2);
  EXPECT_NEAR(bins[8].confidence, 0.575, 1e-12);
  EXPECT_EQ(bins[8].accuracy, 0.5);
  EXPECT_EQ(bins[14].count, 3);  // including the 1.0
  EXPECT_EQ(bins[14].accuracy, 1);
}

TEST(Calibration, TheEndsBelongToTheOuterBins) {
  const auto bins = calibration_bins({{0, true}, {1, true}, {1.0001, false}}, 2);
  EXPECT_EQ(bins[0].count, 1);
  EXPECT_EQ(bins[1].count, 2);
}

TEST(Calibration, OfNothingIsNothing) {
  EXPECT_EQ(expected_calibration_error(calibration_bins({})), 0);
  EXPECT_EQ(expected_calibration_error(calibration_bins({{std::nan(""), true}})), 0);
}

}  // namespace
}  // namespace graft
