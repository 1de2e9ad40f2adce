#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/report/charts.h"

namespace graft {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(FeatureMap, ColoursTheMostFrequentLabelsAndMarksSuspects) {
  std::vector<LabelledPoint> points;
  for (int label = 0; label < 9; ++label) {
    for (int i = 0; i < 10 - label; ++i)
      points.push_back({1.0 * label, 1.0 * i, "class" + std::to_string(label), "a.jpg"});
  }
  const std::string plain = svg(draw_feature_map(points));
  EXPECT_THAT(plain, HasSubstr("class6"));
  EXPECT_THAT(plain, HasSubstr("other labels"));
  EXPECT_THAT(plain, Not(HasSubstr("probably wrong")));
  points.front().suspect = true;
  EXPECT_THAT(svg(draw_feature_map(points)), HasSubstr("label probably wrong"));
}

TEST(FeatureMap, LabelsAreInTheOrderOfTheClasses) {
  const std::vector<LabelledPoint> points = {
      {0, 0, "bee", "a.jpg"}, {1, 1, "bee", "b.jpg"}, {2, 2, "ant", "c.jpg"}};
  const auto is_first = [&](const std::string& page) { return page.find(">ant<") < page.find(">bee<"); };
  EXPECT_FALSE(is_first(svg(draw_feature_map(points))));
  EXPECT_TRUE(is_first(svg(draw_feature_map(points, {"ant", "bee"}))));
}

// Equal features have equal places.
TEST(FeatureMap, OfEqualPointsIsDrawn) {
  const std::vector<LabelledPoint> points(3, {0, 0, "", "a.jpg"});
  EXPECT_THAT(svg(draw_feature_map(points)), Not(HasSubstr("nan")));
}

}  // namespace
}  // namespace graft
