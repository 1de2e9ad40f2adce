#include "graft/train/parameter_groups.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "graft/models/registry.h"
#include "tests/support/tiny_vit.h"

namespace graft {
namespace {

NetworkPtr network_of(const char* name) { return find_model(name).build({10, Init::none}); }

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

TEST(ParameterGroups, WithoutLayerDecayTheBackboneIsOneGroup) {
  const auto network = network_of("resnet18");
  Recipe recipe;
  recipe.backbone_lr = 0.1;
  const auto groups = parameter_groups(*network, recipe);
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[1].lr_scale, 0.1);
  recipe.freeze = true;
  EXPECT_EQ(parameter_groups(*network, recipe).size(), 1U);
}

// The names of the parameters in a group, in its order.
std::vector<std::string> names_of(const Network& network, const ParameterGroup& group) {
  std::vector<std::string> names;
  for (const torch::Tensor& parameter : group.parameters) {
    for (const auto& item : network.named_parameters()) {
      if (item.value().is_same(parameter)) names.push_back(item.key());
    }
  }
  return names;
}

TEST(ParameterGroups, NoWeightDecaySplitsTheGroups) {
  const auto network = std::make_shared<test::TinyVit>(3);
  Recipe recipe;
  recipe.backbone_lr = 0.5;
  recipe.optimizer.no_weight_decay = NoWeightDecay::biases_and_norms;
  const auto groups = parameter_groups(*network, recipe);
  ASSERT_EQ(groups.size(), 4U);
  EXPECT_EQ(names_of(*network, groups[0]), std::vector<std::string>{"heads.head.weight"});
  EXPECT_TRUE(groups[0].decays);
  EXPECT_EQ(names_of(*network, groups[1]), std::vector<std::string>{"heads.head.bias"});
  EXPECT_FALSE(groups[1].decays);
  EXPECT_EQ(groups[1].lr_scale, 1);
  std::size_t decayed = 0;
  for (std::size_t i = 2; i < 4; ++i) {
    EXPECT_EQ(groups[i].lr_scale, 0.5);
    const auto names = names_of(*network, groups[i]);
    for (const std::string& name : names) {
      const bool matrix = name.ends_with(".weight") && name.find("norm") == std::string::npos;
      EXPECT_EQ(groups[i].decays, matrix) << name;
    }
    if (groups[i].decays) decayed = names.size();
  }
  EXPECT_EQ(decayed, 1U + 2 * 4);  // the patches' convolution, four matrices per block
}

TEST(ParameterGroups, TheRateFallsByGroupsOfATransformerToo) {
  const auto network = std::make_shared<test::TinyVit>(3);
  Recipe recipe;
  recipe.layer_decay = 0.5;
  const auto groups = parameter_groups(*network, recipe);
  ASSERT_EQ(groups.size(), 4U);
  EXPECT_EQ(names_of(*network, groups[1]).front(), "blocks.1.norm1.weight");
  EXPECT_EQ(names_of(*network, groups[1]).back(), "norm.bias");
  EXPECT_EQ(groups[1].lr_scale, 0.5);
  EXPECT_EQ(names_of(*network, groups[3]),
            (std::vector<std::string>{"cls_token", "pos_embed", "patch_embed.weight", "patch_embed.bias"}));
  EXPECT_EQ(groups[3].lr_scale, 0.125);
}

// The number of trained groups before the head.
std::size_t learning(const Network& network) {
  const auto parameters = network.named_parameters();
  auto groups = network.groups();
  groups.pop_back();
  return static_cast<std::size_t>(std::count_if(groups.begin(), groups.end(), [&](const auto& group) {
    return parameters[group.front()].requires_grad();
  }));
}

TEST(SetTrainable, LayersJoinFromTheHeadDown) {
  const auto network = network_of("resnet18");
  const auto first = network->named_parameters()["conv1.weight"];
  const auto last = network->named_parameters()["layer4.1.bn2.bias"];
  Recipe recipe;
  recipe.unfreeze_epochs = 3;
  const std::size_t expected[] = {0, 3, 6, 9, 9};
  for (int epoch = 0; epoch < 5; ++epoch) {
    set_trainable(*network, recipe, epoch);
    EXPECT_EQ(learning(*network), expected[epoch]) << epoch;
    EXPECT_TRUE(network->head()->weight.requires_grad());
  }
  set_trainable(*network, recipe, 1);
  EXPECT_FALSE(first.requires_grad());
  EXPECT_TRUE(last.requires_grad());
  recipe.freeze = true;
  set_trainable(*network, recipe, 9);
  EXPECT_EQ(learning(*network), 0U);
}

}  // namespace
}  // namespace graft
