#include "graft/session/teacher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/core/files.h"
#include "graft/device/torch.h"
#include "graft/session/run.h"
#include "tests/support/error_of.h"
#include "tests/support/picture_set.h"
#include "tests/support/same_runs.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_network.h"

namespace graft {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

class TeacherRun : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { test::register_tiny("tiny"); }
  TeacherRun() {
    test::write_pictures(data_, "train", {"blue", "red"}, 4);
    test::write_pictures(data_, "val", {"blue", "red"}, 2, 4);
    test::write_pictures(more_, "", {"some", "others"}, 4, 6);
    TrainRequest first = request();
    first.recipe.distill = {};
    graft::Run::create(run("teacher"), first).train();
  }
  TrainRequest request() const {
    TrainRequest request{data_.path().string()};
    request.recipe = preset("feature-extract");
    request.recipe.model = "tiny";
    request.recipe.weights = "none";
    request.recipe.epochs = 2;
    request.recipe.precision = Precision::fp32;
    request.recipe.loader.workers = 0;
    request.recipe.distill.teacher = run("teacher");
    return request;
  }
  TrainRequest with_unlabelled() const {
    TrainRequest asked = request();
    asked.recipe.distill.unlabelled = more_.path().string();
    return asked;
  }
  std::string run(const char* name) const { return (runs_.path() / name).string(); }

  test::TemporaryFolder data_, more_, runs_;
};

TEST_F(TeacherRun, LearnsFromLabelledAndUnlabelledPictures) {
  std::string teacher;
  RunObserver observer;
  observer.start = [&](const RunStart& start) { teacher = start.teacher; };
  const TrainResult result = graft::Run::create(run("a"), with_unlabelled(), observer).train();
  EXPECT_EQ(teacher, run("teacher") + "; 8 unlabelled pictures");
  EXPECT_EQ(result.history.front().images, 16);
  EXPECT_EQ(result.outcomes.size(), 4U);
}

TEST_F(TeacherRun, IsResumedToTheSameResult) {
  graft::Run::create(run("whole"), with_unlabelled()).train();
  std::stop_source stop;
  RunObserver observer;
  observer.step_end = [&](const StepEnd& end) {
    if (end.step == 2) stop.request_stop();
  };
  observer.stop = stop.get_token();
  EXPECT_EQ(graft::Run::create(run("stopped"), with_unlabelled(), observer).train().ending, Ending::stopped);
  graft::Run::resume(run("stopped")).train();
  test::expect_same_runs(RunFolder(run("stopped")), RunFolder(run("whole")));
}

TEST_F(TeacherRun, IsNotResumedWithAnotherTeacherOrOtherPictures) {
  std::stop_source stop;
  RunObserver observer;
  observer.epoch_end = [&](const EpochEnd&) { stop.request_stop(); };
  observer.stop = stop.get_token();
  graft::Run::create(run("stopped"), with_unlabelled(), observer).train();
  const auto resume = [&] { return test::error_of([&] { graft::Run::resume(run("stopped")); }); };
  const auto extra = more_.write("some/x.ppm", test::generated_picture(0, 50));
  EXPECT_THAT(resume(), HasSubstr(more_.path().string() + ": is not what "));
  disk().remove(extra);
  TrainRequest other = request();
  other.recipe.distill = {};
  other.recipe.seed = 5;
  other.overwrite = true;
  graft::Run::create(run("teacher"), other).train();
  EXPECT_THAT(resume(), HasSubstr(run("teacher") + ": is not what "));
}

TEST_F(TeacherRun, PicturesOfTheDataAreLeftOut) {
  more_.write("some/copy.ppm", read_text(data_.path() / "val/red/4.ppm"));
  std::vector<std::string> warnings;
  RunObserver observer;
  observer.warning = [&](const std::string& text) { warnings.push_back(text); };
  graft::Run::create(run("a"), with_unlabelled(), observer);
  EXPECT_THAT(warnings, Contains("1 picture of " + more_.path().string() +
                                 " that is in the data is left out of the unlabelled ones"));
  TrainRequest nothing = request();
  nothing.recipe.distill.unlabelled = (data_.path() / "val").string();
  EXPECT_THAT(
      test::error_of([&] { graft::Run::create(run("b"), nothing); }),
      HasSubstr("`unlabelled`: " + (data_.path() / "val").string() + " has only pictures of the data"));
}

TEST_F(TeacherRun, RefusesWhatHasNoEffect) {
  const auto error = [&](TrainRequest asked, const char* option, const char* value) {
    asked.given.emplace_back(option, value);
    return test::error_of([&] { graft::Run::create(run("a"), asked); });
  };
  TrainRequest probe = request();
  probe.recipe.epochs = 0;
  probe.recipe.head_start = HeadStart::probe;
  EXPECT_THAT(error(probe, "teacher", run("teacher").c_str()),
              HasSubstr("`teacher`: acts only in training epochs, and `epochs` is 0"));
  TrainRequest plain = request();
  plain.recipe.distill = {.distill_weight = 0.5};
  EXPECT_EQ(error(plain, "distill_weight", "0.5"),
            "`distill_weight`: acts only with `teacher`; leave it out");
  TrainRequest missing = request();
  missing.recipe.distill.teacher = run("none");
  EXPECT_THAT(error(missing, "teacher", run("none").c_str()), HasSubstr("no such run folder or model file"));
  TrainRequest other = request();
  test::TemporaryFolder data;
  test::write_pictures(data, "train", {"blue", "green"}, 2);
  test::write_pictures(data, "val", {"blue", "green"}, 1, 2);
  other.data = data.path().string();
  EXPECT_THAT(error(other, "teacher", run("teacher").c_str()),
              HasSubstr("`teacher`: it has other classes (blue, red) than the data (blue, green)"));
}

}  // namespace
}  // namespace graft
