#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "graft/core/error.h"
#include "graft/models/load.h"
#include "graft/models/registry.h"
#include "tests/models/answers.h"
#include "tests/support/error_of.h"
#include "tests/support/formula.h"

namespace graft::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const ModelSpec& vit_b_32() { return find_model("vit_b_32"); }

TEST(Vit, WeightsForAnotherSizeAndOfAnEarlierTorchvisionAreAdapted) {
  const NetworkPtr source = vit_b_32().build({1000, Init::none});
  fill_with_formula(*source);
  StateDict state = state_of(*source);
  for (NamedTensor& each : state.tensors) {
    for (const auto& [name, before] :
         {std::pair(".mlp.0.", ".mlp.linear_1."), {".mlp.3.", ".mlp.linear_2."}}) {
      const std::size_t at = each.name.find(name);
      if (at != std::string::npos) each.name.replace(at, std::string_view(name).size(), before);
    }
  }
  const nlohmann::json& answer = family_golden("vit").at("resized").at("vit_b_32");
  const NetworkPtr network = vit_b_32().build({1000, Init::none, answer.at("input")[2]});
  const LoadReport report = load_state(*network, vit_b_32(), state, "file.pth");
  EXPECT_THAT(report.notes,
              ElementsAre("resized encoder.pos_embedding from a grid of 7 × 7 positions to 9 × 9"));
  EXPECT_FALSE(report.head_replaced);
  network->eval();
  expect_answer(*network, answer);
}

TEST(Vit, NamesTheSizeThatItIsBuiltFor) {
  EXPECT_THAT(error_of([] {
                vit_b_32().build({2, Init::none, 200});
              }),
              HasSubstr("`input_size`: 200 is not a multiple of 32, the pixels of a patch; use 224"));
  EXPECT_THAT(error_of([] { vit_b_32().build({2, Init::none, 16}); }), HasSubstr("use 32"));
  const NetworkPtr network = vit_b_32().build({2, Init::none, 64});
  EXPECT_THAT(error_of([&] {
                network->forward(torch::zeros({1, 3, 64, 96}));
              }),
              HasSubstr("is built for images of 64 × 64 pixels, not 64 × 96"));
  EXPECT_EQ(network->forward(torch::zeros({1, 3, 64, 64})).sizes(), torch::IntArrayRef({1, 2}));
}

TEST(Vit, ItsPythonNetworkHasTheSizeOfTheImages) {
  EXPECT_EQ(python_network_of(vit_b_32(), 3, 384),
            "torchvision.models.vit_b_32(num_classes=3, image_size=384)");
  EXPECT_EQ(python_network_of(find_model("resnet18"), 3, 384), "torchvision.models.resnet18(num_classes=3)");
}

TEST(Vit, ItsGroupsAreItsBlocks) {
  const auto groups = vit_b_32().build({2, Init::none})->groups();
  ASSERT_EQ(groups.size(), 14U);
  EXPECT_THAT(groups[0],
              ElementsAre("class_token", "encoder.pos_embedding", "conv_proj.weight", "conv_proj.bias"));
  EXPECT_EQ(groups[12].back(), "encoder.ln.bias");
}

TEST(Vit, IsInitialisedAsInTorchvision) {
  torch::manual_seed(1);
  const NetworkPtr network = vit_b_32().build({10, Init::random});
  const auto parameters = network->named_parameters();
  const auto deviation = [&](const std::string& name) { return parameters[name].std().item<double>(); };
  const std::string block = "encoder.layers.encoder_layer_3.";
  EXPECT_NEAR(deviation("conv_proj.weight"), 1 / std::sqrt(3.0 * 32 * 32), 1e-4);
  EXPECT_NEAR(deviation("encoder.pos_embedding"), 0.02, 1e-3);
  // Xavier's uniform distribution: variance 2 / (fan-in + fan-out).
  EXPECT_NEAR(deviation(block + "self_attention.in_proj_weight"), std::sqrt(2.0 / (4 * 768)), 1e-4);
  EXPECT_NEAR(deviation(block + "mlp.0.weight"), std::sqrt(2.0 / (5 * 768)), 1e-4);
  EXPECT_NEAR(deviation(block + "mlp.3.bias"), 1e-6, 1e-7);
  // torch.nn.Linear: uniform within ±1 / √fan-in.
  EXPECT_NEAR(deviation(block + "self_attention.out_proj.weight"), 1 / std::sqrt(3.0 * 768), 1e-4);
  for (const char* zero : {"class_token", "conv_proj.bias", "heads.head.weight", "heads.head.bias"})
    EXPECT_TRUE(parameters[zero].eq(0).all().item<bool>()) << zero;
  for (const char* zero : {"in_proj_bias", "out_proj.bias"})
    EXPECT_TRUE(parameters[block + "self_attention." + zero].eq(0).all().item<bool>()) << zero;
}

}  // namespace
}  // namespace graft::test
