#include "graft/device/warm_up.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace graft {
namespace {

TEST(WarmUp, RunsTheWorkAndRestoresTheState) {
  const auto weight = torch::ones({3}).requires_grad_(), other = torch::zeros({2});
  int runs = 0;
  warm_up(
      {weight},
      [&] {
        const torch::NoGradGuard no_gradients;
        weight.add_(1);
        other.add_(1);
        ++runs;
      },
      3);
  EXPECT_EQ(runs, 3);
  EXPECT_TRUE(torch::equal(weight, torch::ones({3})));
  EXPECT_TRUE(torch::equal(other, torch::full({2}, 3.0)));  // not named
}

TEST(WarmUp, RestoresTheStateIfTheWorkFails) {
  const auto weight = torch::ones({3});
  const auto work = [&] {
    weight.zero_();
    throw std::runtime_error("failed");
  };
  EXPECT_THROW(warm_up({weight}, work, 2), std::runtime_error);
  EXPECT_TRUE(torch::equal(weight, torch::ones({3})));
}

}  // namespace
}  // namespace graft
