#include "graft/train/best_weights.h"

#include <gtest/gtest.h>

namespace graft {
namespace {

class BestWeightsTest : public ::testing::Test {
 protected:
  void fill(double value) {
    const torch::NoGradGuard no_gradients;
    layer_->weight.fill_(value);
  }
  double value() const { return layer_->weight[0][0].item<double>(); }

  torch::nn::Linear layer_ = torch::nn::Linear(2, 2);
  BestWeights best_;
};

TEST_F(BestWeightsTest, AreTheWeightsOfTheLastKeep) {
  fill(1);
  best_.keep(*layer_, false);
  fill(2);
  best_.keep(*layer_, false);
  fill(3);
  best_.restore(*layer_);
  EXPECT_EQ(value(), 2);
}

TEST_F(BestWeightsTest, OfTheLastEpochAreNotCopied) {
  fill(1);
  best_.keep(*layer_, false);
  fill(2);
  best_.keep(*layer_, true);
  best_.restore(*layer_);
  EXPECT_EQ(value(), 2);
  EXPECT_EQ(best_.tensors()[0][0][0].item<double>(), 1);
}

TEST_F(BestWeightsTest, WithoutKeepTheNetworkDoesNotChange) {
  fill(1);
  best_.restore(*layer_);
  EXPECT_EQ(value(), 1);
  EXPECT_TRUE(best_.tensors().empty());
}

}  // namespace
}  // namespace graft
