#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/report/charts.h"
#include "tests/report/shapes.h"

namespace graft {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> names(const std::vector<Drawing>& drawings) {
  std::vector<std::string> all;
  for (const Drawing& drawing : drawings) all.push_back(drawing.name);
  return all;
}

TEST(Curves, SharesAreInOneChartNamedAfterTheMetricOfBothPhases) {
  const std::vector<EpochRecord> history = {{1, 1, 1, {{"acc", 0.5}}, 1, {{"map", 0.75}, {"acc", 0.25}}},
                                            {2, 1, 1, {{"acc", 0.5}}, 1, {{"map", 0.875}, {"acc", 0.5}}}};
  const auto charts = draw_metrics(history);
  ASSERT_THAT(names(charts), ElementsAre("Accuracy by epoch"));
  EXPECT_THAT(
      test::hints_of(charts[0]),
      ElementsAre(
          "epoch 1\ntraining 50 %\nvalidation 25 %\nvalidation, mean average precision 75 %",
          "epoch 2 (best)\ntraining 50 %\nvalidation 50 %\nvalidation, mean average precision 87.5 %"));
}

TEST(Curves, NumbersInTheUnitOfTheTargetHaveTheirOwnCharts) {
  EpochRecord probe{0, 0, 1, {{"mae", 2}}, 1, {{"rmse", 4}, {"mae", 3}, {"r2", -1}}};
  probe.probe = true;
  const std::vector<EpochRecord> history = {
      probe, {1, 1, 1, {{"mae", 1}}, 1, {{"rmse", 3}, {"mae", 2}, {"r2", 0.5}}}};
  const auto charts = draw_metrics(history);
  ASSERT_THAT(names(charts),
              ElementsAre("Validation RMSE by epoch", "MAE by epoch", "Validation R² by epoch"));
  EXPECT_THAT(test::hints_of(charts[1]),
              ElementsAre("probe\ntraining 2\nvalidation 3", "epoch 1 (best)\ntraining 1\nvalidation 2"));
  const Drawing page = draw_curves(history);
  EXPECT_EQ(page.height, 3 * charts[0].height);  // six charts in two columns
}

TEST(Curves, OtherMetricsAndEmptyHistoriesHaveNone) {
  EXPECT_THAT(draw_metrics({}), IsEmpty());
  EXPECT_THAT(draw_metrics({{1}}), IsEmpty());
  const auto charts = draw_metrics({{1, 1, 1, {}, 1, {{"acc", 0.5}, {"top5", 1}}}});
  EXPECT_THAT(names(charts), ElementsAre("Validation accuracy by epoch"));
}

}  // namespace
}  // namespace graft
