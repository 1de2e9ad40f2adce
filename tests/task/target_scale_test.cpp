#include "graft/task/target_scale.h"

#include <gtest/gtest.h>

#include "graft/core/error.h"
#include "graft/task/task.h"

namespace graft {
namespace {

TEST(TargetScale, ARescaledHeadPredictsTheSameNumbers) {
  torch::manual_seed(5);
  const auto features = torch::randn({4, 7});
  auto weight = torch::randn({1, 7}).requires_grad_(), bias = torch::randn({1}).requires_grad_();
  const TaskSpec from{LabelKind::number, 40, 12}, to{LabelKind::number, 1300, 0.5};
  const auto before = make_task(from)->answers(torch::linear(features, weight, bias).detach());
  rescale_head(weight, bias, from, to);
  const auto after = make_task(to)->answers(torch::linear(features, weight, bias).detach());
  EXPECT_TRUE(torch::allclose(before, after, 1e-5, 1e-3));
  EXPECT_FALSE(
      torch::allclose(before, make_task(from)->answers(torch::linear(features, weight, bias).detach()), 0.1));
}

// Plain weights are in the unit of the targets: mean 0, scale 1.
TEST(TargetScale, AHeadAbsorbsAScaleAndReversesIt) {
  auto weight = torch::full({1, 2}, 3.0F), bias = torch::full({1}, 0.5F);
  const TaskSpec ages{LabelKind::number, 40, 12};
  rescale_head(weight, bias, ages, {LabelKind::number});
  EXPECT_TRUE(torch::equal(weight, torch::full({1, 2}, 36.0F)));
  EXPECT_TRUE(torch::equal(bias, torch::full({1}, 46.0F)));
  rescale_head(weight, bias, {LabelKind::number}, ages);
  EXPECT_TRUE(torch::allclose(weight, torch::full({1, 2}, 3.0F)));
  EXPECT_TRUE(torch::allclose(bias, torch::full({1}, 0.5F)));
}

TEST(TargetScale, AHeadWithoutABiasKeepsItsMean) {
  auto weight = torch::full({1, 2}, 3.0F);
  rescale_head(weight, {}, {LabelKind::number, 40, 12}, {LabelKind::number, 40, 6});
  EXPECT_TRUE(torch::equal(weight, torch::full({1, 2}, 6.0F)));
  EXPECT_THROW(rescale_head(weight, {}, {LabelKind::number, 40, 6}, {LabelKind::number}), UsageError);
  EXPECT_TRUE(torch::equal(weight, torch::full({1, 2}, 6.0F)));
}

}  // namespace
}  // namespace graft
