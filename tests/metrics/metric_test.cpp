#include "graft/metrics/metric.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>

#include "graft/core/error.h"
#include "tests/support/error_of.h"

namespace graft {
namespace {

TEST(Metric, IsFoundOnlyByItsKey) {
  EXPECT_STREQ(find_metric("acc").name, "accuracy");
  EXPECT_STREQ(find_metric("acc").id, "accuracy");
  EXPECT_TRUE(is_metric("rmse"));
  EXPECT_FALSE(is_metric("accuracy"));
  EXPECT_FALSE(is_metric(""));
  EXPECT_THAT(test::error_of([] { find_metric("loss"); }), ::testing::HasSubstr("loss: is not a metric"));
}

TEST(Metric, NamesAreUnique) {
  std::set<std::string> keys, ids, headings;
  for (const Metric& metric : all_metrics()) {
    keys.insert(metric.key);
    ids.insert(metric.id);
    headings.insert(metric.heading);
  }
  for (const auto& names : {keys, ids, headings}) EXPECT_EQ(names.size(), all_metrics().size());
}

TEST(Metric, OfErrorsTheSmallerIsBetter) {
  EXPECT_TRUE(is_better(find_metric("acc"), 0.75, 0.5));
  EXPECT_FALSE(is_better(find_metric("acc"), 0.5, 0.5));
  EXPECT_TRUE(is_better(find_metric("rmse"), 0.5, 0.75));
  EXPECT_FALSE(is_better(find_metric("rmse"), 0.75, 0.5));
  EXPECT_FALSE(is_better(find_metric("rmse"), std::nan(""), 0.5));
}

TEST(Metric, ThePrimaryOneOfEachTaskIsFirst) {
  MetricValues several = {{"acc", 1}, {"map", 2}}, numbers = {{"r2", 1}, {"mae", 2}, {"rmse", 3}};
  sort_metrics(several);
  sort_metrics(numbers);
  EXPECT_EQ(several, (MetricValues{{"map", 2}, {"acc", 1}}));
  EXPECT_EQ(numbers, (MetricValues{{"rmse", 3}, {"mae", 2}, {"r2", 1}}));
  EXPECT_EQ(*value_of(numbers, "mae"), 2);
  EXPECT_EQ(value_of(numbers, "acc"), nullptr);
}

TEST(Metric, KeysOfRowsAreThoseOfAnyRow) {
  EXPECT_EQ(metric_keys({{{"top5", 1}}, {}, {{"acc", 1}}}), (std::vector<std::string>{"acc", "top5"}));
  EXPECT_TRUE(metric_keys({}).empty());
}

}  // namespace
}  // namespace graft
