#include "graft/session/earlier_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/core/files.h"
#include "graft/device/torch.h"
#include "graft/models/model_file.h"
#include "graft/session/run.h"
#include "tests/support/error_of.h"
#include "tests/support/picture_set.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_network.h"

namespace graft {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

class Extend : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { test::register_tiny("tiny"); }
  // "blue" and "red" first, then "amber" too, which shifts the indices of both.
  Extend() {
    test::write_pictures(old_, "train", {"blue", "red"}, 6);
    test::write_pictures(old_, "val", {"blue", "red"}, 2, 6);
    test::write_pictures(more_, "train", {"blue", "red", "amber"}, 6);
    test::write_pictures(more_, "val", {"blue", "red", "amber"}, 2, 6);
  }

  TrainRequest request(const test::TemporaryFolder& data, const std::string& preset_name) const {
    TrainRequest request{data.path().string()};
    request.recipe = preset(preset_name);
    request.recipe.precision = Precision::fp32;
    request.recipe.loader.workers = 0;
    request.recipe.feature_cache = (runs_.path() / "features").string();
    return request;
  }
  void train_old() const {
    TrainRequest first = request(old_, "feature-extract");
    first.recipe.model = "tiny";
    first.recipe.weights = "none";
    first.recipe.epochs = 2;
    graft::Run::create(run("old"), first).train();
  }
  TrainRequest next(const std::string& preset_name) const {
    TrainRequest second = request(more_, preset_name);
    second.from = run("old");
    return second;
  }
  std::string run(const char* name) const { return (runs_.path() / name).string(); }
  std::string error_of(const TrainRequest& request) const {
    return test::error_of([&] { graft::Run::create(run("new"), request); });
  }

  test::TemporaryFolder old_, more_, runs_;
};

TEST_F(Extend, StartsFromTheNetworkAndTheOutputsOfTheRun) {
  train_old();
  TrainRequest second = next("feature-extract");
  second.recipe.epochs = 1;
  second.recipe.optimizer.lr = 1e-12;  // what the run starts from is what it ends with
  std::string head;
  RunObserver observer;
  observer.start = [&](const RunStart& start) { head = start.head; };
  graft::Run again = graft::Run::create(run("new"), second, observer);
  EXPECT_EQ(again.recipe().model, "tiny");
  again.train();
  EXPECT_EQ(head, "2 classes of the file, 1 new");
  const Model before = load_model(run("old")), after = load_model(run("new"));
  EXPECT_EQ(after.classes, (std::vector<std::string>{"amber", "blue", "red"}));
  const torch::Tensor kept = after.network->head()->weight.slice(0, 1, 3);
  EXPECT_TRUE(torch::allclose(kept, before.network->head()->weight, 0, 1e-6));
  EXPECT_TRUE(torch::allclose(after.network->parameters()[0], before.network->parameters()[0], 0, 0));
}

// The backbone is the same, and so are the features of the pictures of both datasets.
TEST_F(Extend, TheProbeComputesTheFeaturesOfNewPicturesOnly) {
  train_old();
  TrainRequest of_old = request(old_, "probe");
  of_old.recipe.model = "tiny";
  of_old.recipe.weights = run("old");
  graft::Run::create(run("probed"), of_old).train();
  std::map<std::string, std::uint64_t> computed;
  RunObserver observer;
  observer.progress = [&](const Progress& progress) { computed[progress.what] = progress.done; };
  graft::Run::create(run("new"), next("probe"), observer).train();
  EXPECT_EQ(computed["probe train view 0"], 6U);
  EXPECT_EQ(computed["probe val view 0"], 2U);
}

TEST_F(Extend, TheProbeKeepsTheOutputsIfThePenaltyIsStrong) {
  train_old();
  graft::Run::create(run("new"), next("probe")).train();
  const auto head = [](const std::string& run) { return load_model(run).network->head()->weight.detach(); };
  TrainRequest plain = next("probe");
  plain.from.clear();
  plain.recipe.model = "tiny";
  plain.recipe.weights = run("old");
  graft::Run::create(run("plain"), plain).train();
  const torch::Tensor old = head(run("old"));
  const auto moved = [&](const char* name) {
    return (head(run(name)).slice(0, 1, 3) - old).norm().item<double>();
  };
  EXPECT_NE(moved("new"), moved("plain"));
}

TEST_F(Extend, RefusesWhatContradictsTheRun) {
  train_old();
  TrainRequest other = next("feature-extract");
  other.recipe.model = "resnet18";
  other.given = {{"model", "resnet18"}};
  EXPECT_EQ(error_of(other),
            "`model`: resnet18 is not the network of " + run("old") + ", which is tiny; leave it out");
  TrainRequest weights = next("feature-extract");
  weights.recipe.weights = "none";
  weights.given = {{"weights", "none"}};
  EXPECT_THAT(error_of(weights), HasSubstr("`weights`: and `from` exclude each other"));
  TrainRequest head = next("feature-extract");
  head.recipe.head_start = HeadStart::file;
  EXPECT_THAT(error_of(head), HasSubstr("`extend_head`: and `head_start` file exclude each other"));
  TrainRequest missing = next("feature-extract");
  test::TemporaryFolder data;
  test::write_pictures(data, "train", {"blue", "amber"}, 2);
  test::write_pictures(data, "val", {"blue", "amber"}, 1, 2);
  missing.data = data.path().string();
  EXPECT_THAT(error_of(missing), HasSubstr("the data have no pictures of red, 1 class of "));
  missing.from = (runs_.path() / "none").string();
  EXPECT_THAT(error_of(missing), HasSubstr("no such run folder or model file"));
}

// The new data name pictures of the old training part as validation pictures, under other names.
TEST_F(Extend, WarnsOfValidationPicturesThatTheRunWasTrainedOn) {
  train_old();
  const auto warnings = [&](const TrainRequest& request, const char* name) {
    std::vector<std::string> told;
    RunObserver observer;
    observer.warning = [&](const std::string& text) { told.push_back(text); };
    graft::Run::create(run(name), request, observer);
    return told;
  };
  const std::string sentence = "that measure this run: the metrics are optimistic";
  EXPECT_THAT(warnings(next("feature-extract"), "new"), Not(Contains(HasSubstr(sentence))));
  more_.write("val/blue/copy.ppm", read_text(old_.path() / "train/blue/3.ppm"));
  EXPECT_THAT(warnings(next("feature-extract"), "new2"),
              Contains(HasSubstr("trained on 1 of the 7 pictures that measure")));
}

}  // namespace
}  // namespace graft
