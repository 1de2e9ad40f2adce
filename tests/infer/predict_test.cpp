#include "graft/infer/predict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/core/error.h"
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
