#include "graft/train/parameter_blocks.h"

#include <gtest/gtest.h>

#include "graft/models/registry.h"
#include "tests/support/tiny_network.h"

namespace graft {
namespace {

std::int64_t count(const std::vector<torch::Tensor>& tensors) {
  std::int64_t sum = 0;
  for (const torch::Tensor& tensor : tensors) sum += tensor.numel();
  return sum;
}

NetworkPtr network_of(const char* name) { return find_model(name).build(10, Init::none); }

TEST(ParameterBlocks, AResNetHasItsStemAndItsResidualBlocks) {
  const auto network = network_of("resnet18");
  const auto blocks = parameter_blocks(*network);
  ASSERT_EQ(blocks.size(), 9U);
  EXPECT_EQ(count(blocks[0]), 3 * 64 * 49 + 2 * 64);  // conv1 and bn1
  std::int64_t all = count(network->head()->parameters());
  for (const auto& block : blocks) all += count(block);
  EXPECT_EQ(all, count(network->parameters()));
}

TEST(ParameterBlocks, AnEfficientNetHasStemBlocksAndLastConvolution) {
  EXPECT_EQ(parameter_blocks(*network_of("efficientnet_lite0")).size(), 18U);
}

TEST(ParameterGroups, TheRateFallsTowardsTheInput) {
  const auto network = network_of("resnet18");
  Recipe recipe;
  recipe.backbone_lr = 0.5;
  recipe.layer_decay = 0.9;
  const auto groups = parameter_groups(*network, recipe);
  ASSERT_EQ(groups.size(), 10U);
  EXPECT_EQ(groups[0].lr_scale, 1);
  EXPECT_DOUBLE_EQ(groups[1].lr_scale, 0.45);
  EXPECT_NEAR(groups[9].lr_scale, 0.5 * std::pow(0.9, 9), 1e-12);
  EXPECT_EQ(groups[9].parameters.size(), 3U);  // the stem
}

TEST(ParameterGroups, WithoutDecayTheBackboneIsOne) {
  const auto network = network_of("resnet18");
  Recipe recipe;
  recipe.backbone_lr = 0.1;
  const auto groups = parameter_groups(*network, recipe);
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[1].lr_scale, 0.1);
  recipe.freeze = true;
  EXPECT_EQ(parameter_groups(*network, recipe).size(), 1U);
}

std::size_t learning(const Network& network) {
  std::size_t blocks = 0;
  for (const auto& block : parameter_blocks(network)) blocks += block.front().requires_grad() ? 1 : 0;
  return blocks;
}

TEST(SetTrainable, LayersJoinFromTheHeadDown) {
  const auto network = network_of("resnet18");
  Recipe recipe;
  recipe.unfreeze_epochs = 3;
  const std::size_t expected[] = {0, 3, 6, 9, 9};
  for (int epoch = 0; epoch < 5; ++epoch) {
    set_trainable(*network, recipe, epoch);
    EXPECT_EQ(learning(*network), expected[epoch]) << epoch;
    EXPECT_TRUE(network->head()->weight.requires_grad());
  }
  set_trainable(*network, recipe, 1);
  EXPECT_FALSE(parameter_blocks(*network).front().front().requires_grad());
  EXPECT_TRUE(parameter_blocks(*network).back().front().requires_grad());
  recipe.freeze = true;
  set_trainable(*network, recipe, 9);
  EXPECT_EQ(learning(*network), 0U);
}

}  // namespace
}  // namespace graft
