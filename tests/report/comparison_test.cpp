#include "graft/report/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/report/html.h"
#include "tests/report/a_run.h"
#include "tests/report/shapes.h"

namespace graft {
namespace {

using test::RunOnDisk;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

TEST(Comparison, ShowsTheDifferences) {
  const RunOnDisk first, second({"ant", "bee", "cow"}, "0.01");
  first.add_epochs(2);
  second.add_epochs(3);
  const std::vector<RunData> runs = {read_run(first.run()), read_run(second.run())};
  EXPECT_THAT(differing_options(runs), ElementsAre(Pair("lr", ElementsAre("0.001", "0.01"))));
  const std::string page = comparison_html(runs, differences_to_first(runs));
  EXPECT_THAT(page, HasSubstr("2 training runs compared"));
  EXPECT_THAT(page, HasSubstr("0.7667"));
  EXPECT_THAT(page, HasSubstr(">accuracy</"));
  EXPECT_THAT(page, HasSubstr("<td>validation pictures</td>"));
  EXPECT_THAT(page, HasSubstr("Made by graft from the run folders."));
  EXPECT_THAT(page, Not(HasSubstr("class=\"notice\"")));
  EXPECT_EQ(test::hints_of(draw_compared_losses(runs)).size(), 3U);
}

TEST(Comparison, TheBestRunIsFirstAndOneWithoutAnEpochLast) {
  const RunOnDisk none, worse, better;
  worse.add_epochs(1);
  better.add_epochs(3);
  std::vector<RunData> runs = {read_run(none.run()), read_run(worse.run()), read_run(better.run())};
  sort_best_first(runs);
  EXPECT_THAT(run_names(runs), ElementsAre(read_run(better.run()).name(), read_run(worse.run()).name(),
                                           read_run(none.run()).name()));
}

EpochRecord of_accuracy(double accuracy) { return {1, 0.001, 1, {}, 0.5, {{"acc", accuracy}}, 1}; }
EpochRecord of_map(double map) { return {1, 0.001, 1, {}, 0.5, {{"map", map}, {"acc", 0.25}}, 1}; }
EpochRecord of_rmse(double rmse) { return {1, 0.001, 1, {}, 0.5, {{"rmse", rmse}, {"r2", 0.5}}, 1}; }

std::vector<std::string> headings(const std::vector<RunData>& runs) {
  std::vector<std::string> names;
  for (const Metric* metric : compared_metrics(runs)) names.emplace_back(metric->heading);
  return names;
}

std::vector<std::string> files_of(const std::vector<ChartFile>& charts) {
  std::vector<std::string> names;
  for (const ChartFile& chart : charts) names.push_back(chart.name);
  return names;
}

TEST(Comparison, RunsAreComparedByTheirPrimaryMetric) {
  const RunOnDisk first, second;
  first.add_epoch(of_map(0.875));
  second.add_epoch(of_map(0.75));
  const std::vector<RunData> runs = {read_run(first.run()), read_run(second.run())};
  EXPECT_THAT(headings(runs), ElementsAre("mAP"));
  EXPECT_TRUE(test::has_label(compared_scores(runs).front().drawing, "Validation mAP"));
  EXPECT_THAT(comparison_html(runs, differences_to_first(runs)), HasSubstr(">mAP</"));
  EXPECT_THAT(comparison_html(runs, differences_to_first(runs)), HasSubstr(">0.8750<"));
}

TEST(Comparison, AScoreIsNamedIfRunsHaveDifferentMetrics) {
  const RunOnDisk single, multi, none;
  single.add_epoch(of_accuracy(0.25));
  multi.add_epoch(of_map(0.875));
  const std::vector<RunData> runs = {read_run(multi.run()), read_run(single.run()), read_run(none.run())};
  EXPECT_THAT(headings(runs), ElementsAre("accuracy", "mAP"));
  const std::string page = comparison_html(runs, differences_to_first(runs));
  EXPECT_THAT(page, HasSubstr("aria-sort=\"descending\">score<"));
  EXPECT_THAT(page, HasSubstr(">0.8750 mAP<"));
  EXPECT_THAT(page, HasSubstr(">0.2500 accuracy<"));
  EXPECT_THAT(page, Not(HasSubstr("best accuracy")));
  EXPECT_THAT(page, HasSubstr("Runs of multi-label data are compared by mAP, the others by accuracy: "));
  EXPECT_THAT(files_of(compared_charts(runs)), ElementsAre("compare_accuracy.png", "compare_loss.png"));
  EXPECT_TRUE(test::has_label(compared_scores(runs).front().drawing, "Validation accuracy or mAP"));
  EXPECT_THAT(headings({read_run(none.run()), read_run(single.run())}), ElementsAre("accuracy"));
  EXPECT_THAT(headings({read_run(none.run()), read_run(multi.run())}), ElementsAre("mAP"));
  EXPECT_THAT(headings({read_run(none.run())}), ElementsAre("accuracy"));
}

TEST(Comparison, RunsOfOneEpochAndFoldsHaveNoCurves) {
  const RunOnDisk one, folds, two;
  one.add_epochs(1);
  folds.add_epochs(1);
  two.add_epochs(2);
  RunData crossed = read_run(folds.run());
  crossed.evaluation.out_of_fold = PartRecord{12, 0.5, {{"acc", 0.75}}, {}};
  const std::vector<RunData> points = {read_run(one.run()), crossed};
  const std::string short_page = comparison_html(points, {});
  EXPECT_THAT(short_page, Not(HasSubstr("id=\"curves\"")));
  EXPECT_THAT(short_page, HasSubstr("out-of-fold</span> pictures</td>"));
  const std::string page = comparison_html({read_run(two.run()), crossed}, {});
  EXPECT_THAT(page, HasSubstr("id=\"curves\""));
  EXPECT_THAT(page, HasSubstr("Cross-validated runs have no curve: " + crossed.name() + "."));
}

TEST(Comparison, TheLossIsThatOfTheStoredWeights) {
  const RunOnDisk disk;
  disk.add_epochs(1);
  RunData run = read_run(disk.run());
  run.evaluation.val = PartRecord{12, 0.1617, {{"acc", 0.75}}, {}};
  EXPECT_THAT(comparison_html({run, run}, {}), HasSubstr(">0.1617<"));
}

TEST(Comparison, TheSmallestErrorIsFirst) {
  const test::NumberRunOnDisk worse, better, none;
  worse.add_epoch(of_rmse(1234.5));
  better.add_epoch(of_rmse(0.0625));
  for (const test::NumberRunOnDisk* disk : {&worse, &better}) disk->add_predictions({{1, 2}});
  std::vector<RunData> runs = {read_run(none.run()), read_run(worse.run()), read_run(better.run())};
  sort_best_first(runs);
  EXPECT_THAT(run_names(runs), ElementsAre(read_run(better.run()).name(), read_run(worse.run()).name(),
                                           read_run(none.run()).name()));
  EXPECT_THAT(files_of(compared_charts(runs)), ElementsAre("compare_rmse.png", "compare_loss.png"));
  EXPECT_TRUE(test::has_label(compared_scores(runs).front().drawing, "Validation RMSE"));
  runs.pop_back();
  const std::string page = comparison_html(runs, differences_to_first(runs));
  EXPECT_THAT(page, HasSubstr("aria-sort=\"ascending\">RMSE<"));
  EXPECT_THAT(page, HasSubstr("data-value=\"0.0625\">0.0625<"));
  EXPECT_THAT(page, HasSubstr(">1234<"));
  EXPECT_THAT(page, Not(HasSubstr("class=\"notice\"")));
  EXPECT_THAT(page, Not(HasSubstr("calibration error")));
}

TEST(Comparison, NumbersAndSharesHaveSeparateCharts) {
  const RunOnDisk single;
  const test::NumberRunOnDisk number;
  single.add_epoch(of_accuracy(0.25));
  number.add_epoch(of_rmse(0.5));
  std::vector<RunData> runs = {read_run(number.run()), read_run(single.run())};
  sort_best_first(runs);
  EXPECT_EQ(runs[0].labels, LabelKind::single);
  const std::string page = comparison_html(runs, differences_to_first(runs));
  EXPECT_THAT(page, HasSubstr("Runs of numbers are compared by RMSE, the others by accuracy: "));
  EXPECT_THAT(page, HasSubstr("<th scope=\"col\" class=\"number\">score<"));  // not sorted by it
  EXPECT_THAT(page, HasSubstr(">0.5 RMSE<"));
  const std::vector<ChartFile> charts = compared_charts(runs);
  EXPECT_THAT(files_of(charts), ElementsAre("compare_accuracy.png", "compare_rmse.png", "compare_loss.png"));
  EXPECT_TRUE(test::has_label(charts[0].drawing, "Validation accuracy"));
  EXPECT_TRUE(test::has_label(charts[1].drawing, "Validation RMSE"));
  EXPECT_EQ(test::shapes_of<Dot>(charts[0].drawing).size(), 1U);  // for the run with an accuracy
  EXPECT_EQ(test::shapes_of<Dot>(charts[1].drawing).size(), 1U);
  EXPECT_EQ(test::shapes_of<Dot>(charts[2].drawing).size(), 2U);
}

TEST(Comparison, EqualRunsKeepTheirOrder) {
  const RunOnDisk a, b, c;
  for (const RunOnDisk* disk : {&a, &b}) disk->add_epochs(1);
  c.add_epochs(2);
  std::vector<RunData> runs = {read_run(b.run()), read_run(a.run()), read_run(c.run())};
  sort_best_first(runs);
  EXPECT_THAT(run_names(runs),
              ElementsAre(read_run(c.run()).name(), read_run(b.run()).name(), read_run(a.run()).name()));
}

TEST(Comparison, RunsOfDifferentPicturesAreMarked) {
  const RunOnDisk first, second({"cat", "dog"});
  const std::vector<RunData> runs = {read_run(first.run()), read_run(second.run())};
  EXPECT_THAT(comparison_html(runs, differences_to_first(runs)),
              HasSubstr("their metrics cannot be compared"));
}

TEST(Comparison, RunsWithTheSameNameAreDistinguishedByTheirPaths) {
  const test::TemporaryFolder folder;
  for (const char* name : {"a/run", "b/run", "c"}) {
    folder.write(std::filesystem::path(name) / "config.json", test::config_of({"ant"}));
  }
  const auto run = [&](const char* name) { return read_run(RunFolder(folder.path() / name)); };
  EXPECT_THAT(run_names({run("a/run"), run("b/run"), run("c")}),
              ElementsAre((folder.path() / "a/run").string(), (folder.path() / "b/run").string(), "c"));
  EXPECT_THAT(run_names({run("a/run"), run("c/")}), ElementsAre("run", "c"));
}

TEST(Comparison, TwentyRunsAreDrawn) {
  const RunOnDisk disk;
  disk.add_epochs(2);
  const std::vector<RunData> runs(20, read_run(disk.run()));
  const Drawing drawing = compared_scores(runs).front().drawing;
  EXPECT_GT(drawing.height, 450);  // with room for the legend
  EXPECT_THAT(comparison_html(runs, differences_to_first(runs)), HasSubstr("All options are the same."));
}

}  // namespace
}  // namespace graft
