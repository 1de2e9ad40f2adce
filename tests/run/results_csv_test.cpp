#include "graft/run/results_csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "graft/core/files.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

const std::vector<EpochRecord> history = {
    {1, 0.001, 0.5, 0.75, 0.25, 1, 2.5},
    {2, 0.0005, std::nan(""), 0.5, 0.125, 0.875, 1.5, 1.0, 1.25, 0.25, 244}};

TEST(ResultsCsv, HasTheColumnsOfUltralytics) {
  const test::TemporaryFolder folder;
  write_results_csv(folder.path() / "results.csv", history);
  EXPECT_EQ(read_text(folder.path() / "results.csv"),
            "epoch,time,train/loss,metrics/accuracy_top1,metrics/accuracy_top5,val/loss,lr/pg0\n"
            "1,2.5,0.5,1,,0.25,0.001\n"
            "2,4,nan,0.875,1,0.125,5e-04\n");
}

TEST(ResultsCsv, MetricsHaveTheFieldsOfTheHistory) {
  const test::TemporaryFolder folder;
  write_metrics_csv(folder.path() / "metrics.csv", history);
  EXPECT_EQ(read_text(folder.path() / "metrics.csv"),
            "epoch,lr,train_loss,train_acc,val_loss,val_acc,seconds,val_top5,train_seconds,val_seconds,"
            "images,val_map,probe\n"
            "1,0.001,0.5,0.75,0.25,1,2.5,,,,,,\n"
            "2,5e-04,nan,0.5,0.125,0.875,1.5,1,1.25,0.25,244,,\n");
}

TEST(ResultsCsv, AProbeIsARowOfTheMetricsAndNoEpochOfTheResults) {
  const test::TemporaryFolder folder;
  EpochRecord probe{0, 0, 0.5, 0.75, 0.25, 1, 2};
  probe.probe = true;
  write_metrics_csv(folder.path() / "metrics.csv", {probe});
  EXPECT_THAT(read_text(folder.path() / "metrics.csv"),
              ::testing::EndsWith("\n0,,0.5,0.75,0.25,1,2,,,,,,true\n"));
  write_results_csv(folder.path() / "results.csv", {probe, history[0]});
  EXPECT_THAT(read_text(folder.path() / "results.csv"),
              ::testing::EndsWith("lr/pg0\n1,4.5,0.5,1,,0.25,0.001\n"));
}

}  // namespace
}  // namespace graft
