#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/core/error.h"
#include "graft/models/file_names.h"
#include "graft/models/load.h"
#include "graft/models/registry.h"
#include "tests/support/error_of.h"
#include "tests/support/formula.h"

namespace graft::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(ConvNext, RefusesImagesWithoutAFeatureMap) {
  const NetworkPtr network = find_model("convnext_tiny").build({2, Init::none});
  EXPECT_THAT(error_of([&] {
                network->forward(torch::zeros({1, 3, 40, 31}));
              }),
              HasSubstr("cannot take images of 40 × 31 pixels; give images of at least 32 × 32 pixels"));
  EXPECT_EQ(network->forward(torch::zeros({1, 3, 32, 40})).sizes(), torch::IntArrayRef({1, 2}));
}

TEST(ConvNext, ItsNormsBelongToTheLayersBeforeThem) {
  const NetworkPtr network = find_model("convnext_tiny").build({2, Init::none});
  const auto groups = network->groups();
  ASSERT_EQ(groups.size(), 23U);  // stem, 18 blocks, 3 convolutions between the stages, head
  EXPECT_THAT(groups[0], ElementsAre("features.0.0.weight", "features.0.0.bias", "features.0.1.weight",
                                     "features.0.1.bias"));
  EXPECT_THAT(groups[4], ElementsAre("features.2.1.weight", "features.2.1.bias"));
  EXPECT_EQ(groups[21].back(), "classifier.0.bias");
  EXPECT_EQ(network->no_weight_decay().size(), 18U);
}

TEST(ConvNext, IsInitialisedAsInTorchvision) {
  torch::manual_seed(1);
  const NetworkPtr network = find_model("convnext_tiny").build({10, Init::random});
  for (const auto& [name, tensor] : named_tensors(*network)) {
    const double value = tensor.flatten()[0].item<double>();
    if (name.ends_with("layer_scale")) {
      EXPECT_TRUE(tensor.eq(1e-6F).all().item<bool>()) << name;
    } else if (tensor.dim() > 1) {
      EXPECT_NEAR(tensor.std().item<double>(), 0.02, 0.002) << name;
    } else {  // norms are the identity
      EXPECT_EQ(value, name.ends_with(".weight") ? 1 : 0) << name;
    }
  }
}

TEST(TimmConvNext, ItsGroupsAndInitialValuesAreThoseOfTimm) {
  torch::manual_seed(1);
  const NetworkPtr network = find_model("convnextv2_atto").build({10, Init::random});
  ASSERT_EQ(network->groups().size(), 17U);  // stem, 12 blocks, 3 convolutions between the stages, head
  const auto kept = network->no_weight_decay();
  EXPECT_EQ(kept.size(), 12U);
  EXPECT_TRUE(kept.contains("stages.0.blocks.1.mlp.grn.weight"));
  const auto values = network->named_parameters();
  EXPECT_EQ(values["stages.0.blocks.1.mlp.grn.weight"].abs().max().item<double>(), 0);
  EXPECT_NEAR(values["stages.3.blocks.1.mlp.fc1.weight"].std().item<double>(), 0.02, 1e-3);
  const NetworkPtr first = find_model("convnext_zepto_rms").build({10, Init::random});
  EXPECT_EQ(first->groups().size(), 15U);
  EXPECT_EQ(first->no_weight_decay().size(), 10U);
  EXPECT_TRUE(first->named_parameters()["stages.0.blocks.0.gamma"].eq(1e-6F).all().item<bool>());
}

// timm's head of CLIP's larger towers.
TEST(TimmConvNext, AHeadThatReadsAHiddenLayerIsLeftOut) {
  const ModelSpec& spec = find_model("convnext_nano");
  const NetworkPtr source = spec.build({2, Init::none}), target = spec.build({2, Init::none});
  fill_with_formula(*source);
  StateDict state = state_of(*source);
  const auto hidden = std::make_shared<const torch::Tensor>(torch::zeros({640, 640}));
  state.tensors.push_back({"head.pre_logits.fc.weight", view_of(*hidden)});
  const LoadReport report = load_state(*target, spec, state, "file.pth");
  EXPECT_TRUE(report.head_replaced);
  EXPECT_THAT(report.notes, ::testing::Contains(HasSubstr("left out head.fc, which reads a hidden layer")));
  EXPECT_THAT(error_of([&] { build_from_state(spec, state, "file.pth", {}); }),
              HasSubstr("has no head that fits convnext_nano"));
}

TEST(TimmConvNext, AMaskedAutoencoderGetsALastNorm) {
  const ModelSpec& spec = find_model("convnextv2_atto");
  const NetworkPtr source = spec.build({2, Init::none}), target = spec.build({2, Init::none});
  fill_with_formula(*source);
  StateDict state = state_of(*source);
  std::erase_if(state.tensors, [](const NamedTensor& each) { return each.name.starts_with("head."); });
  for (NamedTensor& each : state.tensors) each.name = "model." + each.name;
  const LoadReport report = load_state(*target, spec, state, "file.pth");
  EXPECT_TRUE(report.head_replaced);
  EXPECT_THAT(report.notes, ElementsAre("the file has no head.norm: it begins as the identity"));
  EXPECT_TRUE(target->named_parameters()["head.norm.weight"].eq(1).all().item<bool>());
  EXPECT_TRUE(target->named_parameters()["head.norm.bias"].eq(0).all().item<bool>());
  EXPECT_TRUE(target->named_parameters()["stem.0.bias"].equal(source->named_parameters()["stem.0.bias"]));
}

// Both have the same number of parameters.
TEST(TimmConvNext, IsIdentifiedByItsNames) {
  const StateDict state = state_of(*find_model("convnext_tiny_hnf").build({2, Init::none}));
  EXPECT_EQ(identify_model(state), "convnext_tiny_hnf");
  EXPECT_THAT(error_of([&] {
                const ModelSpec& spec = find_model("convnext_tiny");
                load_state(*spec.build({2, Init::none}), spec, state, "file.pth");
              }),
              HasSubstr("it looks like convnext_tiny_hnf"));
}

}  // namespace
}  // namespace graft::test
