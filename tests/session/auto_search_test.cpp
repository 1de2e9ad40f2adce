#include "graft/session/auto_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/models/model_file.h"
#include "graft/run/config.h"
#include "graft/session/run.h"
#include "tests/support/error_of.h"
#include "tests/support/picture_set.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_network.h"

namespace graft {
namespace {

namespace fs = std::filesystem;
using ::testing::Each;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class AutoSearch : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    test::register_tiny("tiny-auto");
    test::register_tiny("tiny-other");
  }
  void write(int count, const std::vector<std::string>& classes = {"blue", "red"}) {
    test::write_pictures(pictures_, "train", classes, count);
    test::write_pictures(pictures_, "val", classes, 3, count);
  }

  TrainRequest request() const {
    TrainRequest request{pictures_.path().string()};
    request.recipe = preset("auto");
    request.recipe.models = "tiny-auto=none, tiny-other=none";
    request.recipe.feature_cache = (runs_.path() / "cache").string();
    request.recipe.precision = Precision::fp32;
    request.recipe.loader.workers = 0;
    return request;
  }
  fs::path folder(const char* name) const { return runs_.path() / name; }
  std::vector<TriedCandidate> tried(const char* name) const {
    return read_candidates(RunFolder(folder(name)).candidates());
  }

  test::TemporaryFolder pictures_, runs_;
};

TEST_F(AutoSearch, KeepsTheCandidateWithTheSmallestHeldOutLoss) {
  write(8);
  std::vector<TriedCandidate> seen;
  RunObserver observer;
  observer.candidate_end = [&](const TriedCandidate& each) { seen.push_back(each); };
  const TrainResult result = graft::Run::create(folder("a"), request(), observer).train();
  const std::vector<TriedCandidate> rows = tried("a");
  EXPECT_THAT(seen, SizeIs(rows.size()));
  ASSERT_THAT(rows, SizeIs(4));  // two networks in two fits
  const auto chosen =
      std::find_if(rows.begin(), rows.end(), [](const TriedCandidate& row) { return row.chosen; });
  ASSERT_NE(chosen, rows.end());
  for (const TriedCandidate& row : rows) {
    EXPECT_EQ(row.pictures, 16);
    EXPECT_EQ(row.metrics.front().key, "acc");
    EXPECT_GE(row.loss, chosen->loss);
    EXPECT_EQ(row.chosen, &row == &*chosen);
  }
  const RunConfig config = read_config(RunFolder(folder("a")).config());
  EXPECT_EQ(value_of(config.options, "model") + "=none", chosen->model);
  EXPECT_EQ(value_of(config.options, "fit"), chosen->fit);
  EXPECT_EQ(value_of(config.options, "preset"), "auto");
  EXPECT_EQ(load_model(folder("a")).preprocess.fit == Fit::squash, chosen->fit == "squash");
  // The validation pictures had no part in the choice.
  ASSERT_TRUE(result.evaluation.val);
  EXPECT_FALSE(result.evaluation.chosen);
  ASSERT_TRUE(result.probe);
  EXPECT_EQ(result.probe->l2, chosen->l2);
  EXPECT_NEAR(result.probe->cv_loss, chosen->loss, 1e-5) << "the same folds";
  const auto summary = nlohmann::json::parse(read_text(RunFolder(folder("a")).summary()));
  EXPECT_EQ(summary["candidates"].size(), 4U);
}

TEST_F(AutoSearch, DependsOnlyOnTheSeed) {
  write(6);
  graft::Run::create(folder("a"), request()).train();
  TrainRequest uncached = request();
  uncached.recipe.feature_cache = "off";
  graft::Run::create(folder("b"), uncached).train();
  EXPECT_EQ(read_text(RunFolder(folder("a")).model()), read_text(RunFolder(folder("b")).model()));
}

TEST_F(AutoSearch, AStoppedSearchIsContinued) {
  write(8);
  graft::Run::create(folder("whole"), request()).train();
  std::stop_source stop;
  RunObserver observer;
  observer.stop = stop.get_token();
  observer.candidate_end = [&](const TriedCandidate& each) {
    if (each.model == "tiny-auto=none" && each.fit == "squash") stop.request_stop();
  };
  TrainRequest uncached = request();  // so that the next candidate has something to stop
  uncached.recipe.feature_cache = (runs_.path() / "other_cache").string();
  EXPECT_EQ(graft::Run::create(folder("a"), uncached, observer).train().ending, Ending::stopped);
  EXPECT_THAT(tried("a"), SizeIs(2));
  EXPECT_THAT(test::error_of([&] { graft::Run::create(folder("a"), uncached); }), HasSubstr("`resume`"));
  const TrainResult result = graft::Run::resume(folder("a")).train();
  EXPECT_EQ(result.ending, Ending::finished);
  EXPECT_THAT(tried("a"), SizeIs(4));
  EXPECT_EQ(read_text(RunFolder(folder("a")).model()), read_text(RunFolder(folder("whole")).model()));
}

// A run that was killed after its search trains what the search chose.
TEST_F(AutoSearch, ASearchThatIsCompleteIsNotRepeated) {
  write(6);
  struct Killed {};
  RunObserver observer;
  observer.epoch_end = [](const EpochEnd&) { throw Killed(); };
  EXPECT_THROW(graft::Run::create(folder("a"), request(), observer).train(), Killed);
  RunObserver watch;
  int candidates = 0;
  watch.candidate_end = [&](const TriedCandidate&) { ++candidates; };
  EXPECT_EQ(graft::Run::resume(folder("a"), {}, watch).train().ending, Ending::finished);
  EXPECT_EQ(candidates, 0);
  EXPECT_THAT(tried("a"), SizeIs(4));
}

TEST_F(AutoSearch, FineTunesManyPicturesInFoldsAndResumesThem) {
  write(100);
  TrainRequest asked = request();
  asked.recipe.models = "tiny-auto=none";
  std::stop_source stop;
  RunObserver observer;
  observer.stop = stop.get_token();
  const fs::path second = RunFolder(folder("a")).tuned_fold(2);
  observer.progress = [&](const Progress& progress) {
    if (progress.what.find("fold 3/5") != std::string::npos) stop.request_stop();
  };
  EXPECT_EQ(graft::Run::create(folder("a"), asked, observer).train().ending, Ending::stopped);
  ASSERT_TRUE(disk().info(second));
  RunObserver watch;
  std::vector<std::string> phases;
  watch.progress = [&](const Progress& progress) { phases.push_back(progress.what); };
  graft::Run::resume(folder("a"), {}, watch).train();
  EXPECT_THAT(phases, Each(Not(HasSubstr("fold 2/5")))) << "complete folds are read";
  EXPECT_THAT(phases, ::testing::Contains(HasSubstr("fold 3/5")));
  EXPECT_FALSE(disk().info(second)) << "removed at the end";
  const TriedCandidate tuned = tried("a").back();
  EXPECT_EQ(tuned.kind, "fine-tuning");
  EXPECT_EQ(tuned.pictures, 200);
  ASSERT_TRUE(tuned.difference);
  EXPECT_EQ(tuned.chosen, count_epochs(read_history(RunFolder(folder("a")).history())) > 0);
}

TEST_F(AutoSearch, StartsNothingThatWouldEndAfterTheTimeLimit) {
  write(100);
  TrainRequest asked = request();
  asked.recipe.time_limit = 1e-3;
  graft::Run::create(folder("a"), asked).train();
  const std::vector<TriedCandidate> rows = tried("a");
  EXPECT_TRUE(rows[0].chosen);
  for (std::size_t i = 1; i < 4; ++i) {
    EXPECT_EQ(rows[i].note, "no time within `time_limit`");
    EXPECT_THAT(rows[i].metrics, IsEmpty());
  }
  EXPECT_EQ(rows.back().kind, "fine-tuning");
  EXPECT_EQ(rows.back().note, "0 of 5 folds within `time_limit`");
}

TEST_F(AutoSearch, OnePictureOfEachClassIsNotMeasured) {
  write(1);
  std::vector<std::string> warnings;
  RunObserver observer;
  observer.warning = [&](const std::string& text) { warnings.push_back(text); };
  graft::Run::create(folder("a"), request(), observer).train();
  EXPECT_THAT(warnings, ::testing::Contains(HasSubstr("no class has two training pictures")));
  ASSERT_THAT(tried("a"), SizeIs(1));
  EXPECT_THAT(tried("a").front().note, HasSubstr("not measured"));
}

TEST_F(AutoSearch, ANetworkThatCannotBeUsedIsNamedAndLeftOut) {
  write(4);
  TrainRequest asked = request();
  asked.recipe.models = "squeezenet1_0=none,tiny-auto=none";
  graft::Run::create(folder("a"), asked).train();
  const std::vector<TriedCandidate> rows = tried("a");
  EXPECT_THAT(rows[0].note, HasSubstr("linear head"));
  EXPECT_TRUE(rows[2].chosen || rows[3].chosen);
  asked.recipe.models = "squeezenet1_0=none";
  EXPECT_THAT(test::error_of([&] { graft::Run::create(folder("b"), asked).train(); }),
              HasSubstr("no network could be measured"));
}

TEST_F(AutoSearch, RefusesWhatItChooses) {
  write(4);
  const auto refused = [&](const char* name, const char* value, const std::function<void(Recipe&)>& set) {
    TrainRequest asked = request();
    set(asked.recipe);
    asked.given = {{name, value}};
    return test::error_of([&] { graft::Run::create(folder("a"), asked); });
  };
  EXPECT_THAT(refused("lr", "0.1", [](Recipe& r) { r.optimizer.lr = 0.1; }),
              HasSubstr("`lr`: is chosen by `preset` auto"));
  EXPECT_THAT(refused("model", "tiny-auto", [](Recipe& r) { r.model = "tiny-auto"; }),
              HasSubstr("`model`: is chosen by"));
  EXPECT_THAT(refused("models", "tiny-auto,tiny-auto", [](Recipe& r) { r.models = "tiny-auto,tiny-auto"; }),
              HasSubstr("twice"));
  EXPECT_THAT(refused("models", "tiny-auto,", [](Recipe& r) { r.models = "tiny-auto,"; }),
              HasSubstr("an empty name"));
  EXPECT_THAT(refused("models", "tiny-aut", [](Recipe& r) { r.models = "tiny-aut"; }),
              HasSubstr("unknown model"));
  EXPECT_FALSE(disk().info(folder("a"))) << "nothing is made";
}

Outcomes with_losses(const std::vector<double>& losses, const std::vector<bool>& right = {}) {
  Outcomes all;
  for (std::size_t i = 0; i < losses.size(); ++i) {
    Outcome outcome;
    outcome.index = static_cast<std::uint32_t>(i);
    outcome.loss = losses[i];
    outcome.predicted = !right.empty() && !right[i] ? 1 : 0;
    all.outcomes.push_back(outcome);
  }
  return all;
}

MetricValues accuracy_of(const Outcomes& outcomes) { return {{"acc", accuracy(outcomes.outcomes)}}; }

// Differences −1, −2, −3, 2: mean −1; variance (0 + 1 + 4 + 9) / 3; error √(14/3/4).
TEST(LossDifference, IsTheMeanWithItsStandardError) {
  const LossDifference loss = loss_difference(with_losses({1, 1, 1, 3}), with_losses({2, 3, 4, 1}));
  EXPECT_DOUBLE_EQ(loss.mean, -1);
  EXPECT_DOUBLE_EQ(loss.standard_error, std::sqrt(14.0 / 12));
  EXPECT_EQ(loss_difference({}, {}).standard_error, 0);
  EXPECT_EQ(loss_difference(with_losses({1}), with_losses({3})).mean, -2);
}

TEST(ProvesItself, ByOneStandardErrorOfTheLoss) {
  const Outcomes before = with_losses({2, 2, 2, 2});
  EXPECT_TRUE(proves_itself(with_losses({1, 1, 1, 1.5}), before, accuracy_of));
  EXPECT_FALSE(proves_itself(with_losses({2, 2, 2, 2}), before, accuracy_of));
  EXPECT_FALSE(proves_itself(with_losses({0, 3, 0, 4}), before, accuracy_of)) << "within one error";
  EXPECT_FALSE(proves_itself(with_losses({}), with_losses({}), accuracy_of));
}

// Twelve more pictures right are p = 0.0005 by McNemar's test.
TEST(ProvesItself, ASignificantMetricDecides) {
  const std::vector<double> small(12, 1), large(12, 2);
  const std::vector<bool> right(12, true), wrong(12, false);
  EXPECT_TRUE(proves_itself(with_losses(large, right), with_losses(small, wrong), accuracy_of));
  EXPECT_FALSE(proves_itself(with_losses(small, wrong), with_losses(large, right), accuracy_of));
}

TEST(SamePictures, AreSelectedByTheirIndex) {
  Outcomes of = with_losses({5, 6});
  of.outcomes[0].index = 2;
  of.outcomes[1].index = 0;
  const Outcomes same = same_pictures(with_losses({1, 2, 3}), of);
  ASSERT_EQ(same.outcomes.size(), 2U);
  EXPECT_EQ(same.outcomes[0].loss, 3);
  EXPECT_EQ(same.outcomes[1].loss, 1);
  of.outcomes[0].index = 9;
  EXPECT_THAT(test::error_of([&] { same_pictures(with_losses({1, 2, 3}), of); }), HasSubstr("readable"));
}

}  // namespace
}  // namespace graft
