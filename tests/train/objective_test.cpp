#include "graft/train/objective.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/core/error.h"
#include "tests/support/error_of.h"

namespace graft {
namespace {

using ::testing::HasSubstr;

const torch::Tensor given_logits = torch::tensor({{2.0F, -1.0F}, {-0.5F, 0.25F}});
const torch::Tensor truth = torch::tensor({0, 0}, torch::kInt64);

Folder two_classes() {
  Folder folder{"", {"a", "b"}, {{"", 0}, {"", 0}, {"", 1}}, {}};
  return folder;
}

torch::Tensor own_loss(const torch::Tensor& outputs, const torch::Tensor&) { return outputs.sum(); }

TEST(Objective, IsTheTasksLossWithTheWeightsOfTheData) {
  const auto task = make_task({LabelKind::single});
  const LossOptions options{.class_weights = ClassWeights::balanced};
  const Objective objective(*task, options, two_classes(), torch::kCPU);
  const auto weights = torch::tensor({0.75F, 1.5F});
  EXPECT_EQ(objective.loss(given_logits, truth).item<float>(),
            task->loss(given_logits, truth, options, weights).item<float>());
}

TEST(Objective, ACustomLossReplacesItAndAcceptsNoOptions) {
  const auto task = make_task({LabelKind::single});
  EXPECT_EQ(
      Objective(*task, {}, two_classes(), torch::kCPU, own_loss).loss(given_logits, truth).item<float>(),
      0.75F);
  EXPECT_THROW(Objective(*task, {.label_smoothing = 0.1}, two_classes(), torch::kCPU, own_loss), UsageError);
}

std::string error_of_loss(const LossFunction& own) {
  const auto task = make_task({LabelKind::single});
  const torch::Tensor outputs = given_logits.clone().requires_grad_();
  return test::error_of([&] { Objective(*task, {}, two_classes(), torch::kCPU, own).loss(outputs, truth); });
}

TEST(Objective, ACustomLossMustReturnOneNumberWithAGradient) {
  using Tensor = torch::Tensor;
  EXPECT_EQ(error_of_loss([](const Tensor&, const Tensor&) { return Tensor(); }),
            "`loss`: returns an undefined tensor; return one floating-point number on cpu: the mean over the "
            "batch");
  EXPECT_THAT(error_of_loss([](const Tensor& outputs, const Tensor&) { return outputs.sum(1); }),
              HasSubstr("`loss`: returns float32 values of shape [2] on cpu"));
  EXPECT_THAT(
      error_of_loss([](const Tensor& outputs, const Tensor&) { return outputs.sum(1).slice(0, 0, 0); }),
      HasSubstr("of shape [0]"));
  EXPECT_THAT(error_of_loss([](const Tensor&, const Tensor& targets) { return targets.sum(); }),
              HasSubstr("`loss`: returns int64 values of shape [] on cpu"));
  EXPECT_THAT(error_of_loss([](const Tensor& outputs, const Tensor&) { return outputs.detach().sum(); }),
              HasSubstr("`loss`: returns a number without a gradient"));
  EXPECT_THAT(error_of_loss([](const Tensor& outputs, const Tensor&) { return outputs + torch::ones({3}); }),
              HasSubstr("`loss`: libtorch failed: "));
}

TEST(Objective, ACustomLossOfOneElementIsANumber) {
  const auto task = make_task({LabelKind::single});
  const auto own = [](const torch::Tensor& outputs, const torch::Tensor&) {
    return outputs.sum().view({1, 1});
  };
  const torch::Tensor loss = Objective(*task, {}, two_classes(), torch::kCPU, own).loss(given_logits, truth);
  EXPECT_EQ(loss.dim(), 0);
  EXPECT_EQ(loss.item<float>(), 0.75F);
}

}  // namespace
}  // namespace graft
