#include "graft/train/ema.h"

#include <gtest/gtest.h>

namespace graft {
namespace {

struct Counter : torch::nn::Module {
  Counter() {
    weight = register_parameter("weight", torch::zeros({2}));
    seen = register_buffer("seen", torch::zeros({}, torch::kInt64));
  }
  torch::Tensor weight, seen;
};

void step(Counter& network, Ema& ema, float value) {
  const torch::NoGradGuard no_gradients;
  network.weight.fill_(value);
  network.seen += 1;
  ema.update();
}

TEST(Ema, FollowsWithItsDecayAfterTheWarmUp) {
  Counter network;
  Ema ema(network, 0.5);
  double expected = 0;
  for (int i = 1; i <= 20; ++i) {
    step(network, ema, static_cast<float>(i));
    const double decay = std::min(0.5, (1.0 + i) / (10.0 + i));
    expected = decay * expected + (1 - decay) * i;
  }
  const SwappedWeights averaged(&ema);
  EXPECT_NEAR(network.weight[0].item<double>(), expected, 1e-4);
  EXPECT_EQ(network.seen.item<std::int64_t>(), 20);
}

TEST(Ema, TheWeightsComeBackUnchanged) {
  Counter network;
  Ema ema(network, 0.9);
  step(network, ema, 0.1F);
  step(network, ema, 0.7F);
  const torch::Tensor own = network.weight.detach().clone();
  {
    const SwappedWeights averaged(&ema);
    EXPECT_FALSE(torch::equal(network.weight, own));
  }
  EXPECT_TRUE(torch::equal(network.weight, own));
  { const SwappedWeights none(nullptr); }
}

TEST(Ema, ItsStateIsComplete) {
  Counter a, b;
  Ema first(a, 0.9), second(b, 0.9);
  step(a, first, 3);
  const auto from = first.state(), into = second.state();
  for (std::size_t i = 0; i < from.size(); ++i) into[i].copy_(from[i]);
  step(a, first, 5);
  step(b, second, 5);
  for (std::size_t i = 0; i < 2; ++i) EXPECT_TRUE(torch::equal(first.state()[i], second.state()[i]));
}

}  // namespace
}  // namespace graft
