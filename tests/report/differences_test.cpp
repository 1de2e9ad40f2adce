#include "graft/report/differences.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "graft/report/comparison.h"
#include "graft/report/html.h"
#include "tests/report/a_run.h"

namespace graft {
namespace {

using test::NumberRunOnDisk;
using test::RunOnDisk;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// `count` pictures of two classes, of which the first `wrong` are predicted wrongly.
std::vector<PredictionRow> rows_of(int count, int wrong) {
  std::vector<PredictionRow> rows;
  for (int i = 0; i < count; ++i) {
    const bool ant = i % 2 == 0;
    rows.push_back({"pictures/" + std::to_string(i) + ".jpg", ant ? "ant" : "bee",
                    ant == (i >= wrong) ? "ant" : "bee", 0.9, 0.1});
  }
  return rows;
}

void add_rows(const RunOnDisk& run, const std::vector<PredictionRow>& rows) {
  run.add_epochs(1);
  write_predictions(run.run().predictions_csv(), rows);
}

TEST(Differences, ThoseOfRunsOnTheSamePicturesAreTested) {
  const RunOnDisk best({"ant", "bee"}), worse({"ant", "bee"}), same({"ant", "bee"});
  add_rows(best, rows_of(100, 2));
  add_rows(worse, rows_of(100, 20));
  auto shuffled = rows_of(100, 2);
  std::reverse(shuffled.begin(), shuffled.end());
  add_rows(same, shuffled);
  const std::vector<RunData> runs = {read_run(best.run()), read_run(worse.run()), read_run(same.run())};
  const auto found = differences_to_first(runs);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].run, 1U);
  EXPECT_NEAR(found[0].difference.difference, -0.18, 1e-12);
  EXPECT_NEAR(found[0].difference.p, mcnemar_p(18, 0), 1e-15);
  EXPECT_EQ(found[0].difference.discordant, (Discordant{18, 0}));
  EXPECT_EQ(found[1].difference.interval, Interval());
  EXPECT_EQ(found[0].difference.samples, 100U);
  EXPECT_EQ(found[1].difference.difference, 0);
  EXPECT_EQ(found[1].difference.p, 1);
  const auto sentences = difference_sentences(runs, differences_to_first(runs));
  EXPECT_THAT(sentences,
              ElementsAre(HasSubstr("accuracy -0.1800 compared with "), HasSubstr("may be chance")));
  EXPECT_THAT(sentences[0], HasSubstr(" has right, 0 only "));
  EXPECT_THAT(comparison_html(runs, differences_to_first(runs)), HasSubstr("More than chance?"));
  EXPECT_THAT(sentences[0], HasSubstr("100 pictures; 18 only "));
  EXPECT_THAT(sentences[0], HasSubstr("): more than chance"));
}

TEST(Differences, RunsOnOtherPicturesOrLabelsAreNotCompared) {
  const RunOnDisk first({"ant", "bee"}), fewer({"ant", "bee"}), relabelled({"ant", "bee"}),
      none({"ant", "bee"});
  add_rows(first, rows_of(20, 2));
  add_rows(fewer, rows_of(19, 2));
  auto rows = rows_of(20, 2);
  rows[3].label = "ant";
  add_rows(relabelled, rows);
  none.add_epochs(1);
  const std::vector<RunData> runs = {read_run(first.run()), read_run(fewer.run()), read_run(relabelled.run()),
                                     read_run(none.run())};
  EXPECT_THAT(differences_to_first(runs), IsEmpty());
  EXPECT_EQ(difference_sentences(runs, differences_to_first(runs)).size(), 3U);
  EXPECT_THAT(difference_sentences(runs, differences_to_first(runs))[0],
              HasSubstr("not measured on the same pictures"));
  EXPECT_THAT(comparison_html(runs, differences_to_first(runs)), Not(HasSubstr("More than chance?")));
}

TEST(Differences, NumbersAreComparedByTheirPrimaryMetric) {
  const NumberRunOnDisk good, bad;
  std::vector<std::pair<double, double>> near, far;
  for (int i = 0; i < 40; ++i) {
    near.emplace_back(i, i + 0.1 * (i % 3));
    far.emplace_back(i, i + 2.0 * (i % 3));
  }
  good.add_epochs(1);
  bad.add_epochs(1);
  good.add_predictions(near);
  bad.add_predictions(far);
  std::vector<RunData> runs = {read_run(good.run()), read_run(bad.run())};
  for (RunData& run : runs) {  // all rows have the picture of the run's folder
    for (std::size_t i = 0; i < run.val->rows.size(); ++i) run.val->rows[i].path = std::to_string(i);
  }
  const auto found = differences_to_first(runs);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_STREQ(found[0].metric->key, "rmse");
  EXPECT_GT(found[0].difference.interval.low, 0);
  EXPECT_TRUE(is_significant(found[0].difference));
}

}  // namespace
}  // namespace graft
