#include "graft/session/folds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/run/run_tables.h"
#include "graft/session/evaluate_model.h"
#include "graft/session/run.h"
#include "graft/weights/state_dict.h"
#include "tests/support/error_of.h"
#include "tests/support/picture_set.h"
#include "tests/support/same_runs.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_network.h"

namespace graft {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class FoldsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { test::register_tiny("tiny-folds"); }
  FoldsTest() { test::write_pictures(pictures_, "", {"blue", "red"}, 9); }

  TrainRequest request(int folds = 3, int repeats = 1) const {
    TrainRequest request{pictures_.path().string()};
    request.recipe = preset("feature-extract");
    request.recipe.model = "tiny-folds";
    request.recipe.weights = "none";
    request.recipe.epochs = 2;
    request.recipe.precision = Precision::fp32;
    request.recipe.loader.workers = 0;
    request.recipe.data.folds = folds;
    request.recipe.data.repeats = repeats;
    return request;
  }
  fs::path folder(const char* name) const { return runs_.path() / name; }

  test::TemporaryFolder pictures_, runs_;
};

TEST_F(FoldsTest, EveryPictureIsPredictedByAModelThatHasNotSeenIt) {
  std::vector<int> folds;
  RunObserver observer;
  observer.fold_end = [&](const FoldEnd& end) {
    folds.push_back(end.fold);
    EXPECT_EQ(end.folds, 3);
    EXPECT_FALSE(end.kept);
  };
  const TrainResult result = graft::Run::create(folder("a"), request(), observer).train();
  EXPECT_THAT(folds, ElementsAre(1, 2, 3));
  EXPECT_EQ(result.outcomes.size(), 18U);
  const RunFolder run(folder("a"));
  std::map<std::string, std::string> final_rows;
  for (const PredictionRow& row : read_predictions(run.predictions_csv()))
    final_rows[row.path] = row.predicted;
  EXPECT_EQ(final_rows.size(), 18U);
  std::set<std::string> held_out;
  for (int fold = 1; fold <= 3; ++fold) {
    const auto rows = read_predictions(RunFolder(run.fold(fold)).predictions_csv());
    EXPECT_EQ(rows.size(), 6U);
    for (const PredictionRow& row : rows) {
      EXPECT_TRUE(held_out.insert(row.path).second) << "held out twice";
      EXPECT_EQ(final_rows.at(row.path), row.predicted);
    }
  }
  const EvaluationRecord& record = result.evaluation;
  ASSERT_TRUE(record.out_of_fold);
  EXPECT_EQ(record.out_of_fold->pictures, 18);
  EXPECT_EQ(record.folds.size(), 3U);
  EXPECT_FALSE(record.val);
  const double mean = mean_deviation(record.folds, "acc").mean;
  EXPECT_NEAR(mean, record.out_of_fold->metrics.front().value, 1e-12) << "folds of equal size";
  EXPECT_EQ(read_evaluation(run.evaluation()), record);
  EXPECT_EQ(completion(run), "finished");
}

// The final model is that of a training on all pictures, whatever the folds did.
TEST_F(FoldsTest, TheFinalModelIsTrainedOnEverythingAndKeepsItsLastEpoch) {
  const TrainResult result = graft::Run::create(folder("a"), request()).train();
  ASSERT_EQ(result.history.size(), 2U);
  EXPECT_EQ(result.best_epoch, 2);
  for (const EpochRecord& record : result.history) {
    EXPECT_FALSE(record.validates());
    EXPECT_TRUE(record.replaces);
    EXPECT_EQ(record.images, 18);
  }
  graft::Run::create(folder("b"), request(3, 2)).train();
  const StateDict a = read_weights(RunFolder(folder("a")).model());
  const StateDict b = read_weights(RunFolder(folder("b")).model());
  ASSERT_EQ(a.tensors.size(), b.tensors.size());
  for (const NamedTensor& each : a.tensors) {
    const TensorView* other = b.find(each.name);
    ASSERT_NE(other, nullptr) << each.name;
    EXPECT_TRUE(std::ranges::equal(each.tensor.bytes, other->bytes)) << "the folds change " << each.name;
  }
}

TEST_F(FoldsTest, AStoppedCrossValidationIsContinued) {
  graft::Run::create(folder("whole"), request()).train();
  std::stop_source stop;
  RunObserver observer;
  observer.stop = stop.get_token();
  observer.fold_end = [&](const FoldEnd& end) {
    if (end.fold == 2) stop.request_stop();
  };
  EXPECT_EQ(graft::Run::create(folder("a"), request(), observer).train().ending, Ending::stopped);
  EXPECT_THAT(test::error_of([&] { graft::Run::create(folder("a"), request()); }), HasSubstr("`resume`"));
  std::vector<bool> kept;
  RunObserver watch;
  watch.fold_end = [&](const FoldEnd& end) { kept.push_back(end.kept); };
  graft::Run::resume(folder("a"), {}, watch).train();
  EXPECT_THAT(kept, ElementsAre(true, true, false));
  EXPECT_EQ(read_text(RunFolder(folder("a")).model()), read_text(RunFolder(folder("whole")).model()));
  EXPECT_EQ(read_text(RunFolder(folder("a")).predictions_csv()),
            read_text(RunFolder(folder("whole")).predictions_csv()));
}

// Folds that an earlier run in the folder left are not taken for the new run's.
TEST_F(FoldsTest, FoldsOfAnotherRunAreReplaced) {
  graft::Run::create(folder("a"), request()).train();
  TrainRequest other = request();
  other.overwrite = true;
  other.recipe.optimizer.lr *= 2;
  RunObserver observer;
  int kept = 0;
  observer.fold_end = [&](const FoldEnd& end) { kept += end.kept ? 1 : 0; };
  graft::Run::create(folder("a"), other, observer).train();
  EXPECT_EQ(kept, 0);
  graft::Run::create(folder("b"), other).train();
  EXPECT_EQ(read_text(RunFolder(folder("a")).predictions_csv()),
            read_text(RunFolder(folder("b")).predictions_csv()));
}

TEST_F(FoldsTest, RepeatsAverageTheOutputs) {
  const TrainResult result = graft::Run::create(folder("a"), request(3, 2)).train();
  EXPECT_EQ(result.outcomes.size(), 18U);
  EXPECT_EQ(result.evaluation.folds.size(), 6U);
  const RunFolder run(folder("a"));
  std::map<std::string, double> sums;
  for (int fold = 1; fold <= 6; ++fold) {
    const RunFolder of_fold(run.fold(fold));
    const auto rows = read_predictions(of_fold.predictions_csv());
    const auto outputs = read_outputs(of_fold.outputs(), rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) sums[rows[i].path] += outputs[2 * i];
  }
  const auto rows = read_predictions(run.predictions_csv());
  const auto outputs = read_outputs(run.outputs(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_NEAR(outputs[2 * i], sums.at(rows[i].path) / 2, 1e-5);
}

TEST_F(FoldsTest, OneFoldAloneIsARun) {
  TrainRequest one = request();
  one.recipe.data.fold = 2;
  const TrainResult result = graft::Run::create(folder("one"), one).train();
  EXPECT_EQ(result.outcomes.size(), 6U);
  EXPECT_FALSE(disk().info(RunFolder(folder("one")).folds()));
  graft::Run::create(folder("all"), request()).train();
  EXPECT_EQ(read_text(RunFolder(folder("one")).predictions_csv()),
            read_text(RunFolder(RunFolder(folder("all")).fold(2)).predictions_csv()));
}

TEST_F(FoldsTest, OptionsThatCannotActAreRefused) {
  const auto refused = [&](const char* name, const char* value, const std::function<void(Recipe&)>& set) {
    TrainRequest asked = request();
    set(asked.recipe);
    asked.given = {{name, value}};
    return test::error_of([&] { graft::Run::create(folder("x"), asked); });
  };
  EXPECT_THAT(refused("keep", "best", [](Recipe&) {}),
              HasSubstr("`keep`: best is not possible with `folds`"));
  EXPECT_THAT(refused("patience", "1", [](Recipe& r) { r.patience = 1; }),
              HasSubstr("`patience`: acts only without `folds`"));
  EXPECT_THAT(refused("val_fraction", "0.3", [](Recipe& r) { r.data.val_fraction = 0.3; }),
              HasSubstr("`val_fraction`"));
  EXPECT_THAT(refused("repeats", "2",
                      [](Recipe& r) {
                        r.data.folds = 0;
                        r.data.repeats = 2;
                      }),
              HasSubstr("`repeats`: acts only with `folds`"));
}

// The test part of a run.

TEST_F(FoldsTest, TestPicturesHaveNoPartInTraining) {
  TrainRequest asked = request(0);
  asked.recipe.data.test_fraction = 0.3;
  const TrainResult result = graft::Run::create(folder("a"), asked).train();
  EXPECT_EQ(result.test.outcomes.size(), 6U);
  ASSERT_TRUE(result.evaluation.test);
  EXPECT_EQ(result.evaluation.test->pictures, 6);
  const RunFolder run(folder("a"));
  const auto rows = read_predictions(run.test_predictions_csv());
  EXPECT_EQ(rows.size(), 6U);
  const EvaluationReport again =
      evaluate_model({.model = folder("a").string(), .split = EvaluationPart::test});
  EXPECT_EQ(again.outcomes.size(), 6U);
  EXPECT_EQ(again.trained_on, 0U);
  EXPECT_EQ(accuracy(again.outcomes), result.evaluation.test->metrics.front().value);
  const EvaluationReport held_out = evaluate_model({.model = folder("a").string()});
  EXPECT_EQ(held_out.part, EvaluationPart::val);
  const EvaluationReport all = evaluate_model({.model = folder("a").string(), .split = EvaluationPart::all});
  EXPECT_EQ(all.outcomes.size(), 18U);
  EXPECT_EQ(all.trained_on, result.history.front().images);
}

TEST_F(FoldsTest, ATestFolderIsMeasuredToo) {
  test::TemporaryFolder parts;
  test::write_pictures(parts, "train", {"blue", "red"}, 4);
  test::write_pictures(parts, "val", {"blue", "red"}, 2, 4);
  test::write_pictures(parts, "test", {"blue", "red"}, 3, 6);
  TrainRequest asked = request(0);
  asked.data = parts.path().string();
  const TrainResult result = graft::Run::create(folder("a"), asked).train();
  EXPECT_EQ(result.evaluation.test->pictures, 6);
  asked.recipe.data.test_fraction = 0.2;
  asked.given = {{"test_fraction", "0.2"}};
  EXPECT_THAT(test::error_of([&] { graft::Run::create(folder("b"), asked); }),
              HasSubstr("`test_fraction`: acts only if pictures are split off"));
}

TEST_F(FoldsTest, AllIncludesATestFolderBesideATrainingFolder) {
  test::TemporaryFolder parts;
  test::write_pictures(parts, "train", {"blue", "red"}, 5);
  test::write_pictures(parts, "test", {"blue", "red"}, 3, 6);
  TrainRequest asked = request(0);
  asked.data = parts.path().string();
  graft::Run::create(folder("a"), asked).train();
  const EvaluationReport all = evaluate_model({.model = folder("a").string(), .split = EvaluationPart::all});
  EXPECT_EQ(all.outcomes.size(), 16U);
  EXPECT_EQ(all.trained_on, 8U);
  EXPECT_THAT(all.words, HasSubstr("16 pictures; the run was trained on 8 of them, and 6 are for its test"));
}

TEST_F(FoldsTest, TheKeptEpochIsOptimisticOnlyIfItWasChosen) {
  TrainRequest asked = request(0);
  EXPECT_TRUE(graft::Run::create(folder("a"), asked).train().evaluation.chosen);
  asked.recipe.keep = Keep::last;
  const TrainResult last = graft::Run::create(folder("b"), asked).train();
  EXPECT_FALSE(last.evaluation.chosen);
  EXPECT_EQ(last.best_epoch, 2);
}

// A dataset with its own parts, which may be moved.
class FoldsOfPartsTest : public FoldsTest {
 protected:
  FoldsOfPartsTest() {
    test::write_pictures(parts_, "data/train", {"blue", "red"}, 4);
    test::write_pictures(parts_, "data/val", {"blue", "red"}, 2, 4);
  }
  void add_test() const { test::write_pictures(parts_, "data/test", {"blue", "red"}, 3, 6); }
  std::string data() const { return (parts_.path() / "data").string(); }
  TrainRequest of_parts(int fold = 0) const {
    TrainRequest asked = request();
    asked.data = data();
    asked.recipe.data.fold = fold;
    return asked;
  }
  EvaluationReport measured(const char* run, EvaluationPart part = EvaluationPart::automatic,
                            const std::string& data = "") {
    warnings_.clear();
    Observer observer;
    observer.warning = [&](const std::string& text) { warnings_ += text + "\n"; };
    return evaluate_model({.model = folder(run).string(), .data = data, .split = part}, observer);
  }

  test::TemporaryFolder parts_;
  std::string warnings_;
};

TEST_F(FoldsOfPartsTest, AllPicturesButTheTestPartAreTrainedOn) {
  graft::Run::create(folder("a"), of_parts()).train();
  const EvaluationReport all = measured("a");
  EXPECT_EQ(all.part, EvaluationPart::all);
  EXPECT_EQ(all.outcomes.size(), 12U);
  EXPECT_EQ(all.trained_on, 12U);
  EXPECT_THAT(warnings_, HasSubstr("those of its folds"));
  EXPECT_EQ(measured("a", EvaluationPart::train).trained_on, 12U);
  EXPECT_THAT(test::error_of([&] { measured("a", EvaluationPart::val); }),
              HasSubstr(data() + ": has no validation part: the run is a cross-validation"));
  EXPECT_EQ(measured("a", EvaluationPart::automatic, data() + "/val").trained_on, 4U);
  fs::rename(parts_.path() / "data", parts_.path() / "moved");
  const EvaluationReport moved = measured("a", EvaluationPart::automatic, (parts_.path() / "moved").string());
  EXPECT_EQ(moved.trained_on, 12U) << "found by names below the folder";
}

TEST_F(FoldsOfPartsTest, TheTestPartIsWhatIsMeasured) {
  add_test();
  const TrainResult trained = graft::Run::create(folder("a"), of_parts()).train();
  EXPECT_EQ(trained.evaluation.test->pictures, 6);
  const EvaluationReport test_part = measured("a");
  EXPECT_EQ(test_part.part, EvaluationPart::test);
  EXPECT_EQ(test_part.outcomes.size(), 6U);
  EXPECT_EQ(test_part.trained_on, 0U);
  EXPECT_EQ(warnings_, "");
  const EvaluationReport all = measured("a", EvaluationPart::all);
  EXPECT_EQ(all.outcomes.size(), 18U);
  EXPECT_EQ(all.trained_on, 12U);
}

TEST_F(FoldsOfPartsTest, ATestPartThatIsSplitOffIsNotPartOfTheTrainingPictures) {
  TrainRequest asked = of_parts();
  asked.recipe.data.folds = 0;
  asked.recipe.data.test_fraction = 0.25;
  graft::Run::create(folder("a"), asked).train();
  const EvaluationReport train = measured("a", EvaluationPart::train);
  EXPECT_EQ(train.outcomes.size(), 6U);
  EXPECT_EQ(train.trained_on, 6U);
  EXPECT_EQ(measured("a", EvaluationPart::test).outcomes.size(), 2U);
  EXPECT_EQ(measured("a").outcomes.size(), 4U) << "val/";
  const EvaluationReport all = measured("a", EvaluationPart::all);
  EXPECT_EQ(all.outcomes.size(), 12U);
  EXPECT_EQ(all.trained_on, 6U);
}

TEST_F(FoldsOfPartsTest, TheRunOfAFoldIsMeasuredOnItsFold) {
  graft::Run::create(folder("a"), of_parts(2)).train();
  const EvaluationReport held_out = measured("a");
  EXPECT_EQ(held_out.part, EvaluationPart::val);
  EXPECT_EQ(held_out.outcomes.size(), 4U);
  EXPECT_EQ(held_out.trained_on, 0U);
  EXPECT_EQ(warnings_, "");
  EXPECT_EQ(measured("a", EvaluationPart::all).trained_on, 8U);
}

TEST_F(FoldsTest, AnotherRunInTheFolderRemovesTheFolds) {
  graft::Run::create(folder("a"), request()).train();
  std::ofstream(folder("a") / "folds/01/mine.txt") << "kept";
  TrainRequest plain = request(0);
  plain.overwrite = true;
  graft::Run::create(folder("a"), plain).train();
  EXPECT_TRUE(disk().info(folder("a") / "folds/01/mine.txt"));
  EXPECT_FALSE(disk().info(folder("a") / "folds/01/model.safetensors"));
  EXPECT_FALSE(disk().info(folder("a") / "folds/02"));
}

TEST_F(FoldsTest, TooFewPicturesForTheFoldsAreRefusedBeforeTraining) {
  TrainRequest asked = request(12);
  asked.recipe.data.test_fraction = 0.5;
  EXPECT_THAT(test::error_of([&] { graft::Run::create(folder("a"), asked); }), HasSubstr("`folds`: is 12"));
  EXPECT_FALSE(disk().info(folder("a")));
}

// A test picture that cannot be read, in each of several ways of training.
class BadTestPicture : public FoldsOfPartsTest {
 protected:
  BadTestPicture() {
    add_test();
    spoil("red/8.ppm");
  }
  void spoil(const std::string& name) const { parts_.write("data/test/" + name, ""); }
  TrainResult train(const char* run, TrainRequest asked) {
    warnings_.clear();
    RunObserver observer;
    observer.warning = [&](const std::string& text) { warnings_ += text + "\n"; };
    return graft::Run::create(folder(run), asked, observer).train();
  }
};

TEST_F(BadTestPicture, DoesNotCostTheTraining) {
  for (const int folds : {0, 3}) {
    TrainRequest asked = of_parts();
    asked.recipe.data.folds = folds;
    const std::string name = "folds" + std::to_string(folds);
    const TrainResult result = train(name.c_str(), asked);
    EXPECT_FALSE(result.evaluation.test);
    EXPECT_EQ(completion(RunFolder(folder(name.c_str()))), "finished");
    EXPECT_THAT(warnings_, ::testing::AllOf(HasSubstr("the test pictures are not measured: " + data() +
                                                      "/test/red/8.ppm: is empty"),
                                            HasSubstr("graft eval " + folder(name.c_str()).string())));
  }
  test::write_pictures(parts_, "data/test", {"blue", "red"}, 3, 6);  // mended
  EXPECT_EQ(measured("folds0", EvaluationPart::test).outcomes.size(), 6U);
}

TEST_F(BadTestPicture, IsSkippedOnRequest) {
  TrainRequest asked = of_parts();
  asked.recipe.data.folds = 0;
  asked.recipe.loader.skip_bad = true;
  const TrainResult result = train("a", asked);
  EXPECT_EQ(result.evaluation.test->pictures, 5);
  EXPECT_EQ(result.skipped, 1);
  spoil("red/6.ppm");
  spoil("red/7.ppm");
  EXPECT_FALSE(train("b", asked).evaluation.test);
  EXPECT_THAT(warnings_, HasSubstr("no test picture of \"red\" can be read"));
}

TEST_F(FoldsOfPartsTest, TheModelsOfTheFoldsAreNotMeasuredOnTheTestPart) {
  add_test();
  EXPECT_TRUE(graft::Run::create(folder("all"), of_parts()).train().evaluation.test);
  EXPECT_FALSE(read_evaluation(RunFolder(RunFolder(folder("all")).fold(1)).evaluation()).test);
  EXPECT_TRUE(graft::Run::create(folder("one"), of_parts(1)).train().evaluation.test);
  EXPECT_TRUE(is_fold_of_run(RunFolder(RunFolder(folder("all")).fold(1).string() + "/")));
  EXPECT_FALSE(is_fold_of_run(RunFolder(folder("one"))));
}

// The weights of a run that was trained on train/, and of one that started from it.
TEST_F(FoldsOfPartsTest, PicturesThatTrainedTheStartingWeightsAreCounted) {
  add_test();
  const auto trained = [&](const char* run, const std::string& weights, const TrainRequest& request) {
    warnings_.clear();
    RunObserver observer;
    observer.warning = [&](const std::string& text) { warnings_ += text + "\n"; };
    TrainRequest asked = request;
    asked.recipe.weights = weights;
    return graft::Run::create(folder(run), asked, observer).train().evaluation;
  };
  TrainRequest plain = of_parts();
  plain.recipe.data.folds = 0;
  EXPECT_EQ(trained("first", "none", plain).val->seen_before, 0);
  const EvaluationRecord same_parts = trained("second", folder("first").string(), plain);
  EXPECT_EQ(same_parts.val->seen_before, 0) << "trained on train/ alone";
  EXPECT_EQ(same_parts.test->seen_before, 0);
  EXPECT_EQ(warnings_, "");
  const EvaluationRecord folds = trained("folds", RunFolder(folder("first")).model().string(), of_parts());
  EXPECT_EQ(folds.out_of_fold->pictures, 12);
  EXPECT_EQ(folds.out_of_fold->seen_before, 8);
  EXPECT_EQ(folds.test->seen_before, 0);
  EXPECT_THAT(warnings_, HasSubstr("trained on 8 of the 18 pictures that measure this run"));
  EXPECT_EQ(warnings_.find("measure this run"), warnings_.rfind("measure this run")) << "once";
  EXPECT_EQ(read_evaluation(RunFolder(folder("folds")).evaluation()), folds);
  test::write_pictures(parts_, "other", {"blue", "red"}, 4, 20);
  TrainRequest other = plain;
  other.data = (parts_.path() / "other").string();
  EXPECT_EQ(trained("other", folder("first").string(), other).val->seen_before, 0);
  TrainRequest split = plain;
  split.recipe.data.test_fraction = 0.25;
  split.data = (parts_.path() / "data/train").string();
  const EvaluationRecord later = trained("later", folder("other").string(), split);
  EXPECT_EQ(later.test->seen_before, 2) << "by the run from which the other one started";
  EXPECT_EQ(later.val->seen_before, later.val->pictures);
}

}  // namespace
}  // namespace graft
