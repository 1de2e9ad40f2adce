#include "graft/train/objective.h"

#include <gtest/gtest.h>

namespace graft {
namespace {

Folder folder_of(std::vector<std::string> classes, const std::vector<std::int64_t>& labels,
                 ClassSets sets = {}) {
  Folder folder{"", std::move(classes), {}, {}, std::move(sets)};
  for (const std::int64_t label : labels) folder.samples.push_back({"", label});
  return folder;
}

const Folder several = folder_of({"a", "b"}, {0, 0, 1, 2, 2, 2}, {{0}, {0, 1}, {}});
const torch::Tensor logits = torch::tensor({{2.0F, -1.0F}, {-0.5F, 0.25F}, {0.0F, -3.0F}});
const torch::Tensor shown = torch::tensor({{1.0F, 0.0F}, {1.0F, 1.0F}, {0.0F, 0.0F}});

// −log of what each probability gives to the truth.
torch::Tensor binary_losses(const torch::Tensor& targets) {
  const auto p = torch::sigmoid(logits);
  return -(targets * p.log() + (1 - targets) * (1 - p).log());
}

TEST(BalancedClassWeights, AreScikitLearns) {
  // len(y) / (4 * np.bincount(y)) for y = [0, 0, 0, 1, 2, 2] and four classes, of which one is empty
  const auto weights = balanced_class_weights(folder_of({"a", "b", "c", "d"}, {0, 0, 0, 1, 2, 2}));
  EXPECT_TRUE(torch::allclose(weights, torch::tensor({0.5F, 1.5F, 0.75F, 0.0F})));
}

TEST(BalancedPositiveWeights, AreThePicturesWithoutForEachOneWith) {
  // a is shown by three of six, b by one
  EXPECT_TRUE(torch::allclose(balanced_positive_weights(several), torch::tensor({1.0F, 5.0F})));
}

TEST(Objective, OfMultiLabelDataIsTheMeanOfBinaryCrossEntropies) {
  const Objective objective(Recipe(), several, torch::kCPU);
  EXPECT_NEAR(objective.loss(logits, shown).item<double>(), binary_losses(shown).mean().item<double>(), 1e-6);
}

TEST(Objective, SmoothingDrawsEveryAnswerTowardsOneHalf) {
  Recipe recipe;
  recipe.label_smoothing = 0.2;
  const Objective objective(recipe, several, torch::kCPU);
  EXPECT_NEAR(objective.loss(logits, shown).item<double>(),
              binary_losses(shown * 0.8 + 0.1).mean().item<double>(), 1e-6);
}

TEST(Objective, BalancedWeightsCountAnswersOfYesMore) {
  Recipe recipe;
  recipe.class_weights = ClassWeights::balanced;
  const Objective objective(recipe, several, torch::kCPU);
  const auto weights = shown * torch::tensor({1.0F, 5.0F}) + (1 - shown);
  EXPECT_NEAR(objective.loss(logits, shown).item<double>(),
              (binary_losses(shown) * weights).mean().item<double>(), 1e-6);
}

TEST(Objective, OfMultiLabelDataAPictureIsRightWithAllItsClasses) {
  const Objective objective(Recipe(), several, torch::kCPU);
  // the third one's first logit is 0: probability one half, which names the class
  const auto right = objective.right(logits, shown);
  EXPECT_TRUE(torch::equal(right, torch::tensor({true, false, false})));
}

TEST(Objective, OfOneClassAPictureTheLargestLogitCounts) {
  const Objective objective(Recipe(), folder_of({"a", "b"}, {0, 1}), torch::kCPU);
  EXPECT_TRUE(torch::equal(objective.right(logits, torch::tensor({0, 0, 0}, torch::kInt64)),
                           torch::tensor({true, false, true})));
  const auto mixed = torch::tensor({{0.3F, 0.7F}, {0.4F, 0.6F}, {0.9F, 0.1F}});
  EXPECT_TRUE(torch::equal(objective.right(logits, mixed), torch::tensor({false, true, true})));
}

}  // namespace
}  // namespace graft
