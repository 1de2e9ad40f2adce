#include "graft/report/charts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/report/shapes.h"

namespace graft {
namespace {

using ::testing::ElementsAre;

TEST(ReliabilityChart, HasABarForEachBinWithPictures) {
  const Drawing drawing = draw_reliability(calibration_bins({{0.75, true}, {0.7, false}, {0.25, true}}, 2));
  EXPECT_THAT(test::hints_of(drawing),
              ElementsAre("probability 0 % to 50 %\n1 picture\ncorrect 100 %\nmean probability 25 %",
                          "probability 50 % to 100 %\n2 pictures\ncorrect 50 %\nmean probability 72.5 %"));
  EXPECT_TRUE(test::has_label(drawing, "Reliability, calibration error 0.4000"));
}

TEST(ReliabilityChart, CountsThePicturesAndFadesBarsOfFew) {
  std::vector<Confidence> scored(5, {0.9, true});
  scored.push_back({0.2, false});
  const Drawing drawing = draw_reliability(calibration_bins(scored, 2));
  EXPECT_TRUE(test::has_label(drawing, "5"));
  EXPECT_TRUE(test::has_label(drawing, "1"));  // of a bin without a correct prediction
  std::vector<double> opacities;
  for (const Bar& bar : test::shapes_of<Bar>(drawing)) {
    if (bar.opacity < 1) opacities.push_back(bar.opacity);
  }
  EXPECT_THAT(opacities, ElementsAre(0.35, 0.85));
}

TEST(ReliabilityChart, WithoutPicturesIsOnlyTheDiagonal) {
  EXPECT_TRUE(test::hints_of(draw_reliability(calibration_bins({}))).empty());
}

}  // namespace
}  // namespace graft
