#include "graft/train/optimizer.h"

#include <gtest/gtest.h>

namespace graft {
namespace {

// torch.optim.SGD by hand: g ← g + decay·w; v ← momentum·v + g (v ← g at first); w ← w − lr·v.
TEST(Optimizer, StepsAsTorchsSGD) {
  auto weight = torch::full({1}, 2.0, torch::kFloat64).requires_grad_();
  const auto optimizer = make_optimizer({weight}, {.lr = 0.1, .momentum = 0.9, .weight_decay = 0.01});
  double w = 2, velocity = 0;
  for (int step = 0; step < 5; ++step) {
    optimizer->zero_grad();
    (3 * weight).sum().backward();
    if (step == 3) set_learning_rate(*optimizer, 0.01);
    optimizer->step();
    velocity = 0.9 * velocity + (3 + 0.01 * w);
    w -= (step >= 3 ? 0.01 : 0.1) * velocity;
    EXPECT_NEAR(weight.item<double>(), w, 1e-12);
  }
}

}  // namespace
}  // namespace graft
