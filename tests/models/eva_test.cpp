#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "graft/models/load.h"
#include "graft/models/registry.h"
#include "tests/models/answers.h"
#include "tests/support/error_of.h"
#include "tests/support/formula.h"

namespace graft::test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Eva, ItsInitialValuesAreThoseOfTimm) {
  torch::manual_seed(1);
  const NetworkPtr network = find_model("vit_small_plus_patch16_dinov3_qkvb").build({50, Init::random});
  const auto values = network->named_parameters();
  const auto deviation = [&](const char* name) { return values[name].std().item<double>(); };
  EXPECT_NEAR(deviation("blocks.11.attn.qkv.weight"), 0.02, 1e-3);
  EXPECT_NEAR(deviation("blocks.11.attn.proj.weight"), 0.02 / std::sqrt(24.0), 1e-4);
  EXPECT_NEAR(deviation("blocks.0.mlp.fc2.weight"), 0.02 / std::sqrt(2.0), 1e-3);
  EXPECT_NEAR(deviation("head.weight"), 2e-5, 1e-6);
  EXPECT_NEAR(deviation("reg_token"), 0.02, 2e-3);
  EXPECT_FLOAT_EQ(values["blocks.3.gamma_2"].min().item<float>(), 1e-5F);
  for (const char* name : {"blocks.0.attn.q_bias", "blocks.0.attn.v_bias", "blocks.0.mlp.fc1_g.bias"})
    EXPECT_EQ(values[name].abs().max().item<double>(), 0) << name;
}

TEST(Eva, ImagesOfAnySizeInWholePatches) {
  const NetworkPtr network = find_model("vit_tiny_patch16_dinov3_qkvb").build({2, Init::none});
  fill_with_formula(*network);
  network->eval();
  const torch::NoGradGuard no_gradients;
  EXPECT_EQ(network->forward(torch::zeros({1, 3, 32, 80})).size(1), 2);
  EXPECT_THAT(error_of([&] {
                network->forward(torch::zeros({1, 3, 32, 88}));
              }),
              HasSubstr("takes images whose sides are multiples of 16 pixels, not 88 × 32"));
}

// Of EVA-02, which has learned positions too.
TEST(Eva, PositionsForAnotherSizeAreResized) {
  const ModelSpec& spec = find_model("eva02_tiny_patch14_224");
  const NetworkPtr source = spec.build({2, Init::none}), network = spec.build({2, Init::none, 112});
  fill_with_formula(*source);
  EXPECT_THAT(load_state(*network, spec, state_of(*source), "file.pth").notes,
              ElementsAre(HasSubstr("resized pos_embed from a grid of 16 × 16")));
  EXPECT_EQ(python_network_of(spec, 2, 112),
            "timm.create_model('eva02_tiny_patch14_224', num_classes=2, img_size=112)");
}

TEST(Beit, ItsInitialValuesAreThoseOfTimm) {
  torch::manual_seed(1);
  const NetworkPtr network = find_model("beit_base_patch16_224").build({50, Init::random});
  const auto values = network->named_parameters();
  EXPECT_NEAR(values["blocks.11.attn.proj.weight"].std().item<double>(), 0.02 / std::sqrt(24.0), 1e-4);
  EXPECT_FLOAT_EQ(values["blocks.3.gamma_2"].min().item<float>(), 0.1F);
  EXPECT_EQ(values["blocks.3.attn.relative_position_bias_table"].abs().max().item<double>(), 0);
  EXPECT_THAT(network->no_weight_decay(), Contains("blocks.3.attn.relative_position_bias_table"));
}

// The authors' files have an index too.
TEST(Beit, BiasesForAnotherSizeAreResized) {
  const torch::NoGradGuard no_gradients;
  const ModelSpec& spec = find_model("beit_base_patch16_224");
  const NetworkPtr network = spec.build({1000, Init::none, 160});
  {
    const NetworkPtr source = spec.build({1000, Init::none});
    fill_with_formula(*source);
    StateDict state = state_of(*source);
    const auto index = std::make_shared<const torch::Tensor>(torch::zeros({197, 197}, torch::kInt64));
    state.tensors.push_back({"blocks.0.attn.relative_position_index", view_of(*index)});
    state.owners.push_back(index);
    EXPECT_THAT(
        load_state(*network, spec, state, "file.pth").notes,
        ElementsAre("resized the relative position biases from windows of 14 × 14 tokens to 10 × 10"));
  }
  network->eval();
  expect_answer(*network, family_golden("eva").at("resized").at("beit_base_patch16_224"));
}

TEST(Beit, ImagesOfAnotherSizeAreRefused) {
  const NetworkPtr network = find_model("beit_base_patch16_224").build({2, Init::none, 32});
  EXPECT_THAT(error_of([&] {
                network->forward(torch::zeros({1, 3, 48, 48}));
              }),
              HasSubstr("is built for images of 32 × 32 pixels, not 48 × 48"));
}

TEST(Eva, ItsGroupsAreItsBlocks) {
  const auto groups = find_model("vit_tiny_patch16_dinov3_qkvb").build({2, Init::none})->groups();
  ASSERT_EQ(groups.size(), 14U);  // the embedding, 12 blocks with the last norm, the head
  EXPECT_THAT(groups.front(), Contains("cls_token"));
  EXPECT_THAT(groups[1].front(), HasSubstr("blocks.0."));
  EXPECT_THAT(groups.back(), ElementsAre("head.weight", "head.bias"));
}

}  // namespace
}  // namespace graft::test
