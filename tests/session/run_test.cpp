#include "graft/session/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <vector>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "tests/support/error_of.h"
#include "tests/support/picture_set.h"
#include "tests/support/same_runs.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class RunTest : public ::testing::Test {
 protected:
  RunTest() {
    test::write_pictures(pictures_, "train", {"blue", "red"}, 4);
    test::write_pictures(pictures_, "val", {"blue", "red"}, 2, 4);
  }

  TrainRequest request(int epochs = 2) const {
    TrainRequest request{pictures_.path().string()};
    request.recipe = preset("feature-extract");
    request.recipe.weights = "none";
    request.recipe.epochs = epochs;
    request.recipe.precision = Precision::fp32;
    request.recipe.loader.workers = 0;
    return request;
  }
  fs::path folder(const char* name) const { return runs_.path() / name; }

  test::TemporaryFolder pictures_, runs_;
};

TEST_F(RunTest, TrainsIntoItsFolderAndTellsItsObserver) {
  std::optional<std::string> device;
  std::vector<int> epochs;
  RunObserver observer;
  observer.start = [&](const RunStart& start) {
    device = start.device;
    EXPECT_EQ(start.data.train.samples.size(), 8U);
    EXPECT_EQ(start.weights, "none");
    EXPECT_FALSE(start.resumed);
    EXPECT_FALSE(disk().info(folder("a"))) << "made before everything was decided";
  };
  observer.epoch_end = [&](const EpochEnd& end) { epochs.push_back(end.record.epoch); };
  Run run = Run::create(folder("a"), request(), observer);
  const TrainResult result = run.train();
  EXPECT_THAT(*device, HasSubstr("cpu"));
  EXPECT_THAT(epochs, testing::ElementsAre(1, 2));
  EXPECT_EQ(result.ending, Ending::finished);
  EXPECT_EQ(result.history.size(), 2U);
  for (const fs::path& file : {run.folder().model(), run.folder().summary(), run.folder().report()})
    EXPECT_TRUE(disk().info(file)) << file;
  EXPECT_EQ(completion(run.folder()), "finished");
}

TEST_F(RunTest, OneThatWasStoppedIsResumedToTheSameRun) {
  Run::create(folder("whole"), request()).train();
  bool stop = false;
  RunObserver observer;
  observer.epoch_end = [&](const EpochEnd&) { stop = true; };
  observer.stop = [&] { return stop; };
  {
    Run run = Run::create(folder("stopped"), request(), observer);
    EXPECT_EQ(run.train().ending, Ending::stopped);
    EXPECT_FALSE(completion(run.folder()));
    EXPECT_THAT(test::error_of([&] { Run::resume(folder("stopped")); }), HasSubstr("process"))
        << "two may train in one folder";
  }
  std::optional<ResumePoint> from;
  RunObserver watch;
  watch.start = [&](const RunStart& start) { from = start.resumed; };
  Run::resume(folder("stopped"), {}, watch).train();
  ASSERT_TRUE(from);
  EXPECT_EQ(from->epochs, 1);
  test::expect_same_runs(RunFolder(folder("stopped")), RunFolder(folder("whole")));
  EXPECT_THAT(test::error_of([&] { Run::resume(folder("stopped")); }), HasSubstr("is complete (finished)"));
}

TEST_F(RunTest, WhatCannotBeIsRefusedBeforeAFolderIsMade) {
  TrainRequest idle = request();
  idle.given = {{"step_size", "3"}};
  idle.recipe.schedule.schedule = Schedule::cosine;
  EXPECT_THROW(Run::create(folder("a"), idle), UsageError);
  TrainRequest unknown = request();
  unknown.recipe.model = "resnet17";
  EXPECT_THAT(test::error_of([&] { Run::create(folder("a"), unknown); }), HasSubstr("`model`"));
  EXPECT_THROW(Run::create(pictures_.path() / "train" / "run", request()), UsageError);
  EXPECT_FALSE(disk().info(folder("a")));
}

TEST_F(RunTest, ReplacesAnEarlierRunOnlyWhenAsked) {
  Run::create(folder("a"), request(1)).train();
  EXPECT_THAT(test::error_of([&] { Run::create(folder("a"), request(1)); }),
              testing::AllOf(HasSubstr("complete"), HasSubstr("`overwrite`")));
  TrainRequest again = request(1);
  again.overwrite = true;
  Run::create(folder("a"), again).train();
  EXPECT_EQ(completion(RunFolder(folder("a"))), "finished");
}

}  // namespace
}  // namespace graft
