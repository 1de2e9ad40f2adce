#include "graft/models/inverted_residual.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "tests/support/formula.h"

namespace graft::test {
namespace {

constexpr InvertedResidualOptions squeezing = {.in = 8, .middle = 16, .out = 8, .squeeze = {.squeezed = 4}};

std::vector<std::string> parameters_of(const InvertedResidualOptions& options) {
  std::vector<std::string> names;
  const InvertedResidual block(options, numbered_names("block", options));
  for (const auto& item : block->named_parameters()) names.push_back(item.key());
  return names;
}

TEST(InvertedResidual, NumbersOnlyTheLayersThatItHas) {
  EXPECT_THAT(
      parameters_of(squeezing),
      testing::ElementsAre("block.0.0.weight", "block.0.1.weight", "block.0.1.bias", "block.1.0.weight",
                           "block.1.1.weight", "block.1.1.bias", "block.2.fc1.weight", "block.2.fc1.bias",
                           "block.2.fc2.weight", "block.2.fc2.bias", "block.3.0.weight", "block.3.1.weight",
                           "block.3.1.bias"));
  EXPECT_THAT(parameters_of({.in = 8, .middle = 8, .out = 8}),
              testing::ElementsAre("block.0.0.weight", "block.0.1.weight", "block.0.1.bias",
                                   "block.1.0.weight", "block.1.1.weight", "block.1.1.bias"));
}

torch::Tensor answer(InvertedResidualOptions options, bool train) {
  InvertedResidual block(options, numbered_names("block", options));
  fill_with_formula(*block);
  block->train(train);
  const torch::NoGradGuard no_gradients;
  return block(formula_tensor("x", {64, 8, 6, 6}));
}

TEST(InvertedResidual, HasAShortcutWhereShapesMatch) {
  InvertedResidualOptions options = squeezing;
  const auto x = formula_tensor("x", {64, 8, 6, 6});
  // A branch that is always dropped leaves the shortcut, or nothing without one.
  options.drop_rate = 1 - 1e-12;
  EXPECT_TRUE(answer(options, /*train=*/true).equal(x));
  options.stride = 2;
  EXPECT_EQ(answer(options, /*train=*/true).sizes(), torch::IntArrayRef({64, 8, 3, 3}));
  options.stride = 1;
  options.out = 16;
  EXPECT_EQ(answer(options, /*train=*/true).sizes(), torch::IntArrayRef({64, 16, 6, 6}));
}

TEST(InvertedResidual, DropsItsBranchInTrainModeOnly) {
  InvertedResidualOptions options = squeezing;
  options.drop_rate = 0.5;
  const auto x = formula_tensor("x", {64, 8, 6, 6});
  const auto kept = answer(options, /*train=*/true).ne(x).flatten(1).any(1).sum().item<std::int64_t>();
  EXPECT_GT(kept, 16);
  EXPECT_LT(kept, 48);
  EXPECT_TRUE(answer(options, /*train=*/false).equal(answer(squeezing, /*train=*/false)));
}

TEST(StagedBlocks, FollowEachOther) {
  const auto blocks = blocks_of({{1, 3, 1, 16, 1}, {6, 5, 2, 24, 3}}, 32, {.drop_rate = 0.2});
  ASSERT_EQ(blocks.size(), 4U);
  for (int i = 0; i < 4; ++i) {
    const auto& [number, stage, number_in_stage, options] = blocks[static_cast<std::size_t>(i)];
    EXPECT_EQ(number, i);
    EXPECT_EQ(stage, i == 0 ? 0 : 1);
    EXPECT_EQ(number_in_stage, i == 0 ? 0 : i - 1);
    EXPECT_EQ(options.in, i == 0 ? 32 : i == 1 ? 16 : 24);
    EXPECT_EQ(options.middle, i == 0 ? 32 : i == 1 ? 96 : 144);
    EXPECT_EQ(options.out, i == 0 ? 16 : 24);
    EXPECT_EQ(options.kernel, i == 0 ? 3 : 5);
    EXPECT_EQ(options.stride, i == 1 ? 2 : 1);
    EXPECT_DOUBLE_EQ(options.drop_rate, 0.05 * i);
  }
}

TEST(MultipleOf8, IsNearAndAtMostATenthBelow) {
  EXPECT_EQ(multiple_of_8(1), 8);
  EXPECT_EQ(multiple_of_8(16), 16);
  EXPECT_EQ(multiple_of_8(35.2), 32);  // EfficientNet-B2's stem: 32 · 1.1
  EXPECT_EQ(multiple_of_8(17.6), 16);
  EXPECT_EQ(multiple_of_8(18), 24);  // 16 is more than a tenth below
  EXPECT_EQ(multiple_of_8(20), 24);
}

}  // namespace
}  // namespace graft::test
