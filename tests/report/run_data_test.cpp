#include "graft/report/run_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/report/a_run.h"
#include "tests/support/error_of.h"

namespace graft {
namespace {

using test::RunOnDisk;
using ::testing::HasSubstr;

TEST(RunData, IsReadFromTheFolder) {
  const RunOnDisk disk;
  disk.add_epochs(2);
  const RunData going_on = read_run(disk.run());
  EXPECT_EQ(going_on.history.size(), 2U);
  EXPECT_EQ(going_on.seconds(), 6);
  EXPECT_FALSE(going_on.val);
  disk.add_predictions({"ant", "bee", "cow"});
  EXPECT_EQ(read_run(disk.run()).val->metrics->accuracy, 0.75);
}

TEST(RunData, TheLabelsAreThoseOfTheConfigurationOrOfTheHistory) {
  const RunOnDisk disk;
  EXPECT_EQ(read_run(disk.run()).labels, LabelKind::single);
  disk.add_epoch({1, 0.001, 1, {{"acc", 0.5}}, 1, {{"map", 0.5}, {"acc", 0.5}}});
  EXPECT_EQ(read_run(disk.run()).labels, LabelKind::multi);
  const test::NumberRunOnDisk number;
  number.add_predictions({{1, 2.5}});
  const RunData run = read_run(number.run());
  EXPECT_EQ(run.labels, LabelKind::number);
  EXPECT_EQ(run.val->numbers.at(0).true_number, 1);
  EXPECT_EQ(run.val->numbers.at(0).number, 2.5);
  EXPECT_FALSE(run.val->metrics);
}

TEST(RunData, DamagedFilesAreNamed) {
  const test::TemporaryFolder empty;
  EXPECT_THAT(test::error_of([&] { read_run(RunFolder(empty.path())); }),
              HasSubstr("config.json: does not exist"));
  const RunOnDisk disk;
  disk.folder().write("metrics.jsonl", "{\"epoch\"\n");
  EXPECT_THAT(test::error_of([&] { read_run(disk.run()); }), HasSubstr("metrics.jsonl:1: "));
  disk.folder().write("metrics.jsonl", "");
  disk.folder().write("predictions_val.csv", "path,label,prediction,probability,loss\na,b\n");
  EXPECT_THAT(test::error_of([&] { read_run(disk.run()); }), HasSubstr("predictions_val.csv:2: "));
}

}  // namespace
}  // namespace graft
