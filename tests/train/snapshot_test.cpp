#include "graft/train/snapshot.h"

#include <gtest/gtest.h>

namespace graft {
namespace {

TEST(Snapshot, RestoresParametersAndBuffers) {
  torch::nn::BatchNorm1d norm(3);
  norm->eval();
  Snapshot snapshot;
  const auto before = norm->weight.detach().clone();
  snapshot.take(*norm);
  {
    const torch::NoGradGuard no_gradients;
    norm->weight.add_(1);
    norm->running_mean.add_(2);
    norm->num_batches_tracked.add_(3);
  }
  snapshot.restore(*norm);
  EXPECT_TRUE(torch::equal(norm->weight, before));
  EXPECT_TRUE(torch::equal(norm->running_mean, torch::zeros(3)));
  EXPECT_EQ(norm->num_batches_tracked.item<std::int64_t>(), 0);
}

TEST(Snapshot, ALaterTakeReplacesTheEarlier) {
  torch::nn::Linear linear(2, 2);
  Snapshot snapshot;
  snapshot.take(*linear);
  const torch::NoGradGuard no_gradients;
  linear->weight.fill_(7);
  snapshot.take(*linear);
  linear->weight.fill_(8);
  snapshot.restore(*linear);
  EXPECT_TRUE(torch::equal(linear->weight, torch::full({2, 2}, 7.0F)));
}

TEST(Snapshot, RestoreBeforeTakeChangesNothing) {
  torch::nn::Linear linear(2, 2);
  const auto before = linear->weight.detach().clone();
  Snapshot().restore(*linear);
  EXPECT_TRUE(torch::equal(linear->weight, before));
}

}  // namespace
}  // namespace graft
