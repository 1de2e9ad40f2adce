#include "graft/session/finish_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/infer/predictor.h"
#include "graft/metrics/known_pictures.h"
#include "graft/run/run_tables.h"
#include "graft/session/evaluate_model.h"
#include "graft/session/run.h"
#include "tests/support/error_of.h"
#include "tests/support/picture_set.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_network.h"

namespace graft {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

// Pictures of two kinds whose labels are wrong for every third: a model that is sure of them is
// overconfident.
class HeldOutTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { test::register_tiny("tiny-held-out"); }
  HeldOutTest() {
    for (int i = 0; i < 180; ++i) {
      const int kind = i % 2, label = i % 3 == 0 ? 1 - kind : kind;
      const std::string part = i < 120 ? "val/" : "train/";
      data_.write(part + (label == 0 ? "a/" : "b/") + std::to_string(i) + ".ppm",
                  test::generated_picture(kind, i));
    }
  }

  TrainRequest request(CalibrationMethod calibration) const {
    TrainRequest request{data_.path().string()};
    request.recipe = preset("finetune");
    request.recipe.model = "tiny-held-out";
    request.recipe.weights = "none";
    request.recipe.epochs = 3;
    request.recipe.optimizer.lr = 0.05;
    request.recipe.precision = Precision::fp32;
    request.recipe.loader.workers = 0;
    request.recipe.trust = {.calibration = calibration, .false_alarm = 0.1};
    return request;
  }
  TrainResult train(const char* name, const TrainRequest& request) const {
    return graft::Run::create(folder(name), request).train();
  }
  fs::path folder(const char* name) const { return runs_.path() / name; }

  test::TemporaryFolder data_, runs_;
};

TEST_F(HeldOutTest, TheCalibratedHeadAnswersWithTheScaledOutputs) {
  const TrainResult plain = train("plain", request(CalibrationMethod::off));
  const TrainResult scaled = train("scaled", request(CalibrationMethod::temperature));
  EXPECT_FALSE(plain.evaluation.calibration);
  ASSERT_TRUE(scaled.evaluation.calibration);
  const CalibrationRecord& record = *scaled.evaluation.calibration;
  ASSERT_EQ(record.method, "temperature") << record.reason;
  EXPECT_EQ(record.pictures, 120);
  EXPECT_NEAR(record.loss_before, mean_loss(plain.outcomes), 1e-6);
  EXPECT_LT(record.loss_after, record.loss_before);
  for (std::size_t i = 0; i < plain.outputs.size(); ++i)
    EXPECT_NEAR(scaled.outputs[i] * record.temperature, plain.outputs[i], 1e-4);
  // The model file, the table of the run and the evaluation of the file agree.
  const EvaluationReport report = evaluate_model({.model = folder("scaled").string()});
  EXPECT_NEAR(mean_loss(report.outcomes), record.loss_after, 1e-5);
  EXPECT_NEAR(*value_of(report.metrics, "acc"), *value_of(plain.evaluation.val->metrics, "acc"), 1e-12);
  EXPECT_NEAR(scaled.evaluation.val->loss, record.loss_after, 1e-6);
  EXPECT_THAT(load_model(folder("scaled")).training.at("calibration"), HasSubstr("temperature"));
}

TEST_F(HeldOutTest, AVectorChangesEachOutput) {
  const TrainResult result = train("vector", request(CalibrationMethod::vector));
  const CalibrationRecord& record = *result.evaluation.calibration;
  ASSERT_EQ(record.method, "vector") << record.reason;
  EXPECT_LT(record.loss_after, record.loss_before);
  EXPECT_NEAR(mean_loss(evaluate_model({.model = folder("vector").string()}).outcomes), record.loss_after,
              1e-5);
}

TEST_F(HeldOutTest, TheModelHasScoresAndKnowsItsPictures) {
  const TrainResult result = train("known", request(CalibrationMethod::off));
  ASSERT_TRUE(result.evaluation.known);
  EXPECT_EQ(result.evaluation.known->reason, "");
  EXPECT_EQ(result.evaluation.known->references, 60);
  EXPECT_EQ(result.evaluation.known->held_out, 120);
  const Model saved = load_model(folder("known"));
  EXPECT_EQ(saved.set_scores.size(), 120U);
  ASSERT_TRUE(saved.known);
  EXPECT_NEAR(saved.known->threshold, result.evaluation.known->threshold, 1e-12);
  // ⌊121 · 0.1⌋ of 120 may exceed the threshold; the scores of the file's rows differ in the fourth digit.
  const Predictor predictor(folder("known"));
  int unknown = 0;
  for (const auto& row : read_predictions(RunFolder(folder("known")).predictions_csv())) {
    const Prediction answer = predictor.answer(row.path);
    ASSERT_TRUE(answer.known);
    unknown += *answer.known ? 0 : 1;
  }
  EXPECT_NEAR(unknown, 12, 2);
  EXPECT_EQ(read_distances(RunFolder(folder("known")).outputs(), 120).size(), 120U);
}

TEST_F(HeldOutTest, ACrossValidationMeasuresEveryPicture) {
  TrainRequest asked = request(CalibrationMethod::temperature);
  asked.recipe.epochs = 1;
  asked.recipe.data.folds = 3;
  const TrainResult result = train("folds", asked);
  ASSERT_TRUE(result.evaluation.calibration);
  EXPECT_EQ(result.evaluation.calibration->pictures, 180);
  ASSERT_TRUE(result.evaluation.known);
  EXPECT_EQ(result.evaluation.known->held_out, 180);
  EXPECT_EQ(result.evaluation.known->references, 180);
  EXPECT_EQ(load_model(folder("folds")).set_scores.size(), 180U);
  // The models of the folds are not calibrated: their outputs are averaged first.
  EXPECT_FALSE(load_model(RunFolder(folder("folds")).fold(1)).training.contains("calibration"));
}

TEST_F(HeldOutTest, FewPicturesAreNotEnough) {
  test::TemporaryFolder few;
  test::write_pictures(few, "train", {"blue", "red"}, 3);
  test::write_pictures(few, "val", {"blue", "red"}, 2);
  TrainRequest asked = request(CalibrationMethod::temperature);
  asked.data = few.path().string();
  const TrainResult result = train("few", asked);
  EXPECT_EQ(result.evaluation.calibration->method, "off");
  EXPECT_THAT(result.evaluation.calibration->reason, HasSubstr("at least 50"));
  EXPECT_THAT(result.evaluation.known->reason, HasSubstr("at least 9"));
  EXPECT_FALSE(load_model(folder("few")).known);
}

}  // namespace
}  // namespace graft
