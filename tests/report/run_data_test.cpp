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
  EXPECT_FALSE(going_on.figures);
  disk.add_predictions({"ant", "bee", "cow"});
  EXPECT_EQ(read_run(disk.run()).figures->accuracy, 0.75);
}

TEST(RunData, WhatIsBrokenIsNamed) {
  const test::TemporaryFolder empty;
  EXPECT_THAT(test::error_of([&] { read_run(RunFolder(empty.path())); }),
              HasSubstr("config.json: is not there"));
  const RunOnDisk disk;
  disk.folder().write("metrics.jsonl", "{\"epoch\"\n");
  EXPECT_THAT(test::error_of([&] { read_run(disk.run()); }), HasSubstr("metrics.jsonl:1: "));
  disk.folder().write("metrics.jsonl", "");
  disk.folder().write("predictions_val.csv", "path,label,prediction,probability,loss\na,b\n");
  EXPECT_THAT(test::error_of([&] { read_run(disk.run()); }), HasSubstr("predictions_val.csv:2: "));
}

}  // namespace
}  // namespace graft
