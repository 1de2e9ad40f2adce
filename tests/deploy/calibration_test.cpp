#include "graft/deploy/calibration.h"

#include <gtest/gtest.h>

namespace graft {
namespace {

TEST(Histogram, ARangeLeavesOutAShareAtEachEnd) {
  Histogram histogram;
  for (int part = 0; part < 10; ++part)  // −1,000 to 3,000; the range grows with each part
    histogram.add(torch::arange(-100 * (part + 1), 300 * (part + 1), 0.25));
  const auto [all_low, all_high] = histogram.range(1);
  EXPECT_EQ(all_low, -1000);
  EXPECT_NEAR(all_high, 3000, 1);
  Histogram uniform;
  uniform.add(torch::linspace(-1000, 1000, 200'001));
  const auto [low, high] = uniform.range(0.98);  // 1 % of 2,000 at each end
  EXPECT_NEAR(low, -980, 1);
  EXPECT_NEAR(high, 980, 1);
}

TEST(Histogram, ARangeContainsZero) {
  Histogram histogram;
  histogram.add(torch::zeros({100}));
  EXPECT_EQ(histogram.range(1), (std::pair<double, double>(0, 0)));
  histogram.add(torch::linspace(5, 6, 1000));
  EXPECT_EQ(histogram.range(1).first, 0);
  EXPECT_NEAR(histogram.range(1).second, 6, 0.01);
  EXPECT_EQ(histogram.range(0.5).first, 0);
}

TEST(Calibration, TheMeansAreThoseOfChannels) {
  const OnnxGraph graph{{{"Relu", {"images"}, {"positive"}}, {"Neg", {"positive"}, {"logits"}}},
                        {},
                        {{"images"}},
                        {{"logits"}}};
  Calibration calibration(graph, {"positive"});
  torch::manual_seed(1);
  const torch::Tensor images = torch::randn({5, 3, 4, 4});
  calibration.add(images.slice(0, 0, 2));
  calibration.add(images.slice(0, 2, 5));
  const GraphStatistics statistics = calibration.statistics(1);
  ASSERT_EQ(statistics.size(), 1U);
  const ValueStatistics& positive = statistics.at("positive");
  EXPECT_EQ(positive.low, 0);
  EXPECT_FLOAT_EQ(positive.high, images.max().item<float>());
  const torch::Tensor means = images.relu().mean({0, 2, 3});
  ASSERT_EQ(positive.means.size(), 3U);
  for (std::int64_t c = 0; c < 3; ++c)
    EXPECT_NEAR(positive.means[static_cast<std::size_t>(c)], means[c].item<double>(), 1e-6);
}

}  // namespace
}  // namespace graft
