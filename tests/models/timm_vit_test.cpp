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

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(TimmVit, WeightsForAnotherSizeAreAdapted) {
  for (const char* name :
       {"vit_tiny_patch16_224", "vit_small_patch14_reg4_dinov2", "vit_wee_patch16_reg1_gap_256"}) {
    const ModelSpec& spec = find_model(name);
    const NetworkPtr source = spec.build({1000, Init::none});
    fill_with_formula(*source);
    const nlohmann::json& answer = family_golden("timm_vit").at("resized").at(name);
    const NetworkPtr network = spec.build({1000, Init::none, answer.at("input")[2]});
    const LoadReport report = load_state(*network, spec, state_of(*source), "file.pth");
    EXPECT_THAT(report.notes, ElementsAre(HasSubstr("resized pos_embed from a grid of"))) << name;
    network->eval();
    expect_answer(*network, answer);
  }
}

TEST(TimmVit, AFileWithOtherRegistersIsRefused) {
  const ModelSpec& without = find_model("vit_small_patch14_dinov2");
  const ModelSpec& with = find_model("vit_small_patch14_reg4_dinov2");
  const NetworkPtr source = with.build({2, Init::none}), target = without.build({2, Init::none});
  fill_with_formula(*source);
  EXPECT_THAT(error_of([&] { load_state(*target, without, state_of(*source), "file.pth"); }),
              HasSubstr("pos_embed (float32 1×1369×384, not 1×1370×384); the file has 4 register tokens, and "
                        "the network 0); it looks like "
                        "vit_small_patch14_reg4_dinov2"));
}

// Those of CLIP have the same tensors and two kinds of GELU.
TEST(TimmVit, AFileOfTheOtherGeluIsRefused) {
  const ModelSpec& exact = find_model("vit_base_patch32_clip_224");
  const ModelSpec& quick = find_model("vit_base_patch32_clip_quickgelu_224");
  const NetworkPtr network = exact.build({2, Init::none, 64});
  fill_with_formula(*network);
  StateDict state = state_of(*network);
  EXPECT_THAT(load_state(*network, exact, state, "file.pth").notes,
              ElementsAre(HasSubstr("does not state whether its model is timm's vit_base_patch32_clip_224 or "
                                    "vit_base_patch32_clip_quickgelu_224")));
  state.metadata = {{"arch", quick.name + ".openai"}};
  EXPECT_THAT(error_of([&] { load_state(*network, exact, state, "file.pth"); }),
              HasSubstr("use `model` vit_base_patch32_clip_quickgelu_224"));
  EXPECT_TRUE(load_state(*quick.build({2, Init::none, 64}), quick, state, "file.pth").notes.empty());
}

TEST(TimmVit, NamesTheSizeThatItIsBuiltFor) {
  const ModelSpec& spec = find_model("vit_small_patch14_dinov2");
  EXPECT_THAT(error_of([&] {
                spec.build({2, Init::none, 224 + 8});
              }),
              HasSubstr("`input_size`: 232 is not a multiple of 14, the pixels of a patch; use 238"));
  const NetworkPtr network = spec.build({2, Init::none, 70});
  EXPECT_THAT(error_of([&] {
                network->forward(torch::zeros({1, 3, 70, 84}));
              }),
              HasSubstr("is built for images of 70 × 70 pixels, not 70 × 84"));
}

TEST(TimmVit, ItsInitialValuesAreThoseOfTimm) {
  torch::manual_seed(1);
  const NetworkPtr network = find_model("vit_base_patch32_siglip_256").build({50, Init::random, 64});
  const auto values = network->named_parameters();
  const auto deviation = [&](const char* name) { return values[name].std().item<double>(); };
  EXPECT_NEAR(deviation("blocks.11.attn.qkv.weight"), 0.02, 1e-3);
  EXPECT_NEAR(deviation("pos_embed"), 0.02, 2e-3);
  EXPECT_NEAR(deviation("patch_embed.proj.weight"), 1 / std::sqrt(3 * 3 * 32 * 32.0), 1e-4);
  EXPECT_NEAR(deviation("attn_pool.latent"), 0.88 / std::sqrt(768.0), 3e-3);  // truncated at two deviations
  EXPECT_LE(values["attn_pool.latent"].abs().max().item<double>(), 2.0001 / std::sqrt(768.0));
  for (const char* name : {"blocks.0.mlp.fc1.bias", "attn_pool.kv.bias", "head.bias"})
    EXPECT_EQ(values[name].abs().max().item<double>(), 0) << name;
  const NetworkPtr scaled = find_model("deit3_small_patch16_224").build({2, Init::random});
  EXPECT_FLOAT_EQ(scaled->named_parameters()["blocks.3.ls2.gamma"].min().item<float>(), 1e-6F);
}

TEST(TimmVit, ItsGroupsAreItsBlocks) {
  const auto groups = find_model("vit_tiny_patch16_224").build({2, Init::none})->groups();
  ASSERT_EQ(groups.size(), 14U);  // the embedding, 12 blocks with the last norm, the head
  EXPECT_THAT(groups.front(), ::testing::Contains("cls_token"));
  EXPECT_THAT(groups[1].front(), HasSubstr("blocks.0."));
  EXPECT_THAT(groups.back(), ElementsAre("head.weight", "head.bias"));
}

TEST(TimmVit, ItsPythonNetworkIsTimms) {
  EXPECT_EQ(python_network_of(find_model("deit_tiny_patch16_224"), 3, 384),
            "timm.create_model('deit_tiny_patch16_224', num_classes=3, img_size=384)");
}

}  // namespace
}  // namespace graft::test
