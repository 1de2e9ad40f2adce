#include "graft/infer/predict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/data/transform.h"
#include "graft/image/codec.h"
#include "graft/metrics/known_pictures.h"
#include "tests/support/picture_set.h"
#include "tests/support/tiny_network.h"

namespace graft {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class Predict : public ::testing::Test {
 protected:
  Predict() {
    for (int i = 0; i < 7; ++i) {
      paths_.push_back(folder_.write(std::to_string(i) + ".ppm", test::generated_picture(i % 3, i)).string());
    }
  }
  std::vector<Prediction> run(const PredictOptions& options) {
    std::vector<Prediction> predictions;
    bad_ = predict(InferenceModel::compile(model_, torch::kCPU), paths_, options,
                   [&](const Prediction& prediction) { predictions.push_back(prediction); });
    return predictions;
  }

  std::vector<float> features_of(const InferenceModel& model, std::size_t picture) const {
    const Image pixels = decode_image(disk().read(paths_[picture], max_file_bytes), paths_[picture], {});
    return features_of_picture(model, transform_val(pixels.view(), model.preprocess()).view(), "p");
  }

  test::TemporaryFolder folder_;
  std::vector<std::string> paths_;
  std::vector<BadImage> bad_;
  Model model_ = test::tiny_model({"a", "b", "c", "d"});
};

TEST_F(Predict, PredictsInTheGivenOrderWithDescendingProbabilities) {
  const auto predictions = run({.top_k = 4});
  ASSERT_EQ(predictions.size(), 7U);
  for (std::size_t i = 0; i < 7; ++i) {
    EXPECT_EQ(predictions[i].path, paths_[i]);
    ASSERT_EQ(predictions[i].top.size(), 4U);
    double sum = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      sum += predictions[i].top[j].probability;
      EXPECT_LE(predictions[i].top[j].probability, predictions[i].top[j > 0 ? j - 1 : 0].probability);
    }
    EXPECT_NEAR(sum, 1, 1e-5);
  }
}

TEST_F(Predict, TopKIsAtMostTheNumberOfClasses) {
  EXPECT_EQ(run({.top_k = 2}).front().top.size(), 2U);
  EXPECT_EQ(run({.top_k = 50}).front().top.size(), 4U);
  EXPECT_THROW(run({.top_k = 0}), UsageError);
}

TEST_F(Predict, ABadPictureIsAnErrorOrReported) {
  paths_.insert(paths_.begin() + 2, folder_.write("bad.ppm", "not a picture").string());
  EXPECT_THAT([&] { run({}); }, ThrowsMessage<Error>(HasSubstr("bad.ppm")));
  PredictOptions skipping;
  skipping.loader.skip_bad = true;
  EXPECT_EQ(run(skipping).size(), 7U);
  ASSERT_EQ(bad_.size(), 1U);
  EXPECT_EQ(bad_[0].path, paths_[2]);
}

TEST_F(Predict, APredictionSetHasTheClassesFromTheThresholdOn) {
  model_.set_scores.assign(9, 0.7F);
  for (const Prediction& each : run({.top_k = 1, .coverage = 0.9})) {
    ASSERT_TRUE(each.set);
    EXPECT_EQ(each.top.size(), 1U);
    EXPECT_EQ(each.set->front(), each.top.front());
  }
  const auto all = run({.top_k = 4});
  const auto sets = run({.top_k = 4, .coverage = 0.9});
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::size_t reaching = 0;
    for (const ClassScore& score : all[i].top) reaching += score.probability >= 0.3 ? 1 : 0;
    EXPECT_EQ(sets[i].set->size(), std::max<std::size_t>(1, reaching));
    EXPECT_FALSE(all[i].set);
  }
}

TEST_F(Predict, ACoverageNeedsHeldOutPicturesAndClasses) {
  EXPECT_THAT([&] { run({.coverage = 0.9}); }, ThrowsMessage<Error>(HasSubstr("held out")));
  model_.set_scores.assign(8, 0.7F);
  EXPECT_THAT([&] { run({.coverage = 0.9}); }, ThrowsMessage<Error>(HasSubstr("needs 9")));
  EXPECT_THROW(run({.coverage = 1}), UsageError);
  EXPECT_THROW(run({.coverage = -0.1}), UsageError);
  model_.task = {LabelKind::multi};
  EXPECT_THROW(run({.coverage = 0.8}), UsageError);
}

TEST_F(Predict, SaysWhetherAPictureIsKnown) {
  EXPECT_FALSE(run({}).front().known);
  const InferenceModel plain = InferenceModel::compile(model_, torch::kCPU);
  const std::vector<float> first = features_of(plain, 0), other = features_of(plain, 1);
  KnownPictures known;
  known.num_features = static_cast<std::int64_t>(first.size());
  known.features = first;
  to_unit_length(known.features, first.size());
  known.distance = {0, 0.5};
  known.threshold = 1e-3;
  model_.known = std::make_shared<const KnownPictures>(known);
  const auto predictions = run({});
  double dot = 0, a = 0, b = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    dot += static_cast<double>(first[i]) * other[i];
    a += static_cast<double>(first[i]) * first[i];
    b += static_cast<double>(other[i]) * other[i];
  }
  EXPECT_NEAR(*predictions[0].unknown_score, 0, 1e-5);
  EXPECT_TRUE(*predictions[0].known);
  EXPECT_NEAR(*predictions[1].unknown_score, (1 - dot / std::sqrt(a * b)) / 0.5, 1e-5);
  EXPECT_FALSE(*predictions[1].known);
  // The same in batches of one, from another entry point, and none for means over views.
  PredictOptions flipped;
  flipped.tta = Tta::flip;
  EXPECT_FALSE(run(flipped).front().known);
}

TEST_F(Predict, MultiLabelProbabilitiesAreIndependent) {
  const auto single = run({.top_k = 4});
  model_.task = {LabelKind::multi};
  const auto multi = run({.top_k = 4});
  const torch::NoGradGuard no_gradients;
  for (std::size_t i = 0; i < multi.size(); ++i) {
    // softmax(x)ᵢ / softmax(x)ⱼ = e^(xᵢ − xⱼ), and sigmoid's odds are e^x
    const auto odds = [](const ClassScore& score) { return score.probability / (1 - score.probability); };
    EXPECT_NEAR(odds(multi[i].top[0]) / odds(multi[i].top[1]),
                single[i].top[0].probability / single[i].top[1].probability, 1e-3);
  }
}

}  // namespace
}  // namespace graft
