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

TEST(Comparison, TellsWhatDiffers) {
  const RunOnDisk first, second({"ant", "bee", "cow"}, "0.01");
  first.add_epochs(2);
  second.add_epochs(3);
  const std::vector<RunData> runs = {read_run(first.run()), read_run(second.run())};
  EXPECT_THAT(differing_options(runs), ElementsAre(Pair("lr", ElementsAre("0.001", "0.01"))));
  const std::string page = comparison_html(runs);
  EXPECT_THAT(page, HasSubstr("2 trainings compared"));
  EXPECT_THAT(page, HasSubstr("0.7667"));
  EXPECT_THAT(page, HasSubstr("best accuracy"));
  EXPECT_THAT(page, HasSubstr("Made by graft from the run folders;"));
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

TEST(Comparison, MultiLabelRunsAreComparedByTheirMap) {
  const RunOnDisk first, second;
  EpochRecord record{1, 0.001, 1, 0.5, 0.5, 0.25, 1};
  record.val_map = 0.875;
  first.add_epoch(record);
  record.val_map = 0.75;
  second.add_epoch(record);
  const std::vector<RunData> runs = {read_run(first.run()), read_run(second.run())};
  EXPECT_THAT(compared_metrics(runs), ElementsAre("mAP"));
  EXPECT_TRUE(test::has_label(draw_compared_accuracies(runs), "Validation mAP"));
  EXPECT_THAT(comparison_html(runs), HasSubstr("best mAP"));
  EXPECT_THAT(comparison_html(runs), HasSubstr(">0.8750<"));
}

TEST(Comparison, AScoreIsNamedWhereRunsAreComparedByDifferentOnes) {
  const RunOnDisk single, multi, none;
  single.add_epoch({1, 0.001, 1, 0.5, 0.5, 0.25, 1});
  EpochRecord record{1, 0.001, 1, 0.5, 0.5, 0.25, 1};
  record.val_map = 0.875;
  multi.add_epoch(record);
  const std::vector<RunData> runs = {read_run(multi.run()), read_run(single.run()), read_run(none.run())};
  EXPECT_THAT(compared_metrics(runs), ElementsAre("accuracy", "mAP"));
  const std::string page = comparison_html(runs);
  EXPECT_THAT(page, HasSubstr(">best score<"));
  EXPECT_THAT(page, HasSubstr(">0.8750 mAP<"));
  EXPECT_THAT(page, HasSubstr(">0.2500 accuracy<"));
  EXPECT_THAT(page, Not(HasSubstr("best accuracy")));
  EXPECT_THAT(page, HasSubstr("compared by mAP, the others by accuracy"));
  EXPECT_TRUE(test::has_label(draw_compared_accuracies(runs), "Validation accuracy or mAP"));
  EXPECT_THAT(compared_metrics({read_run(none.run()), read_run(single.run())}), ElementsAre("accuracy"));
  EXPECT_THAT(compared_metrics({read_run(none.run()), read_run(multi.run())}), ElementsAre("mAP"));
  EXPECT_THAT(compared_metrics({read_run(none.run())}), ElementsAre("accuracy"));
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
  EXPECT_THAT(comparison_html({read_run(first.run()), read_run(second.run())}),
              HasSubstr("their figures are of different things"));
}

TEST(Comparison, RunsOfOneNameAreToldApartByTheirPaths) {
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
  const Drawing drawing = draw_compared_accuracies(runs);
  EXPECT_GT(drawing.height, 450);  // the legend has its room
  EXPECT_THAT(comparison_html(runs), HasSubstr("All options are the same."));
}

}  // namespace
}  // namespace graft
