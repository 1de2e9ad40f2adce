#include "graft/train/objective.h"

#include <gtest/gtest.h>

#include "graft/core/error.h"

namespace graft {
namespace {

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
  EXPECT_EQ(Objective(*task, {}, two_classes(), torch::kCPU, own_loss).loss(given_logits, truth).item<float>(),
            0.75F);
  EXPECT_THROW(Objective(*task, {.label_smoothing = 0.1}, two_classes(), torch::kCPU, own_loss), UsageError);
}

}  // namespace
}  // namespace graft
