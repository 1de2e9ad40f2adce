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

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Swin, TakesImagesFromOnePatchOn) {
  const NetworkPtr network = find_model("swin_t").build({2, Init::random});
  EXPECT_THAT(error_of([&] {
                network->forward(torch::zeros({1, 3, 3, 9}));
              }),
              HasSubstr("cannot take images of 3 × 9 pixels; give images of at least 4 × 4 pixels"));
  EXPECT_EQ(network->forward_features(torch::zeros({1, 3, 4, 70})).sizes(),
            torch::IntArrayRef({1, 768, 1, 3}));
}

TEST(Swin, TheParametersOfPositionsHaveNoWeightDecay) {
  EXPECT_EQ(find_model("swin_t").build({2, Init::none})->no_weight_decay().size(), 12U);
  const auto kept = find_model("swin_v2_t").build({2, Init::none})->no_weight_decay();
  EXPECT_EQ(kept.size(), 48U);
  EXPECT_TRUE(kept.contains("features.1.0.attn.logit_scale"));
}

TEST(Swin, IsInitialisedAsInTorchvision) {
  for (const char* model : {"swin_t", "swin_v2_t"}) {
    torch::manual_seed(1);
    const NetworkPtr network = find_model(model).build({10, Init::random});
    for (const auto& item : network->named_parameters()) {
      const std::string& name = item.key();
      const torch::Tensor& tensor = item.value();
      if (name.ends_with("logit_scale")) {
        EXPECT_TRUE(tensor.eq(std::log(10.0F)).all().item<bool>()) << name;
      } else if (name.starts_with("features.0.0.")) {  // torch.nn.Conv2d: uniform within ±1 / √fan-in
        EXPECT_LE(tensor.abs().max().item<double>(), 1 / std::sqrt(48.0)) << name;
        EXPECT_GT(tensor.abs().max().item<double>(), 0.9 / std::sqrt(48.0)) << name;
      } else if (tensor.dim() > 1) {
        EXPECT_NEAR(tensor.std().item<double>(), 0.02, 0.002) << name;
      } else {  // norms are the identity
        EXPECT_TRUE(tensor.eq(name.ends_with(".weight") ? 1 : 0).all().item<bool>()) << name;
      }
    }
  }
}

TEST(TimmSwin, TakesImagesFromTheSizeOfItsWindowsOn) {
  const NetworkPtr network = find_model("swin_s3_tiny_224").build({2, Init::none});
  EXPECT_THAT(error_of([&] {
                network->forward(torch::zeros({1, 3, 224, 211}));
              }),
              HasSubstr("give images of at least 212 × 212 pixels"));
  EXPECT_EQ(find_model("swin_s3_tiny_224").python_network,
            "timm.create_model('swin_s3_tiny_224', num_classes={}, img_size={size})");
}

// The windows of the later stages are no larger than their maps.
TEST(TimmSwin, BiasesOfAFileAreResizedForSmallerImages) {
  const torch::NoGradGuard no_gradients;
  const ModelSpec& spec = find_model("swin_s3_tiny_224");
  const NetworkPtr source = spec.build({1000, Init::none}), network = spec.build({1000, Init::none, 96});
  fill_with_formula(*source);
  StateDict state = state_of(*source);
  for (NamedTensor& each : state.tensors) each.name = "module." + each.name;
  EXPECT_THAT(load_state(*network, spec, state, "file.pth").notes,
              ElementsAre("resized the relative position biases from windows of 14 × 14 tokens to 6 × 6",
                          "resized the relative position biases from windows of 7 × 7 tokens to 3 × 3"));
  network->eval();
  expect_answer(*network, family_golden("timm_swin").at("resized").at("swin_s3_tiny_224"));
}

// The names of timm before 0.9 and of the authors, with masks and indices.
StateDict old_swin_state(const Network& network) {
  StateDict state = state_of(network);
  for (NamedTensor& each : state.tensors) {
    const std::size_t at = each.name.find(".downsample.");
    if (at != std::string::npos) --each.name[at - 1];
    if (each.name.starts_with("head.fc.")) each.name.erase(5, 3);
  }
  const auto index = std::make_shared<const torch::Tensor>(torch::zeros({49, 49}, torch::kInt64));
  const auto mask = std::make_shared<const torch::Tensor>(torch::zeros({64, 49, 49}));
  state.tensors.push_back({"layers.0.blocks.1.attn.relative_position_index", view_of(*index)});
  state.tensors.push_back({"layers.0.blocks.1.attn_mask", view_of(*mask)});
  state.owners.insert(state.owners.end(), {index, mask});
  return state;
}

TEST(TimmSwin, FilesOfEarlierVersionsAreRead) {
  const ModelSpec& spec = find_model("swin_s3_tiny_224");
  const NetworkPtr source = spec.build({2, Init::none}), target = spec.build({2, Init::none});
  fill_with_formula(*source);
  const LoadReport report = load_state(*target, spec, old_swin_state(*source), "file.pth");
  EXPECT_TRUE(report.notes.empty() && !report.head_replaced);
  const auto wanted = named_tensors(*source), found = named_tensors(*target);
  for (std::size_t i = 0; i < wanted.size(); ++i)
    EXPECT_TRUE(wanted[i].second.equal(found[i].second)) << wanted[i].first;
}

// The same tensors are those of other windows too.
TEST(TimmSwin, FilesOfTheSecondVersionAreRead) {
  const ModelSpec &spec = find_model("swin_v2_t"), &timms = find_model("swinv2_tiny_window16_256");
  const NetworkPtr source = timms.build({2, Init::none, 64}), target = spec.build({2, Init::none});
  fill_with_formula(*source);
  const LoadReport report = load_state(*target, spec, state_of(*source), "file.pth");
  EXPECT_THAT(report.notes,
              ElementsAre(AllOf(HasSubstr("timm's swinv2_tiny_window8_256 or swinv2_tiny_window16_256"),
                                HasSubstr("use `model` swinv2_tiny_window16_256"))));
  const auto wanted = source->named_parameters(), found = target->named_parameters();
  const auto parts = found["features.1.1.attn.qkv.bias"].chunk(3);
  EXPECT_TRUE(parts[0].equal(wanted["layers.0.blocks.1.attn.q_bias"]));
  EXPECT_EQ(parts[1].abs().max().item<double>(), 0);
  EXPECT_TRUE(parts[2].equal(wanted["layers.0.blocks.1.attn.v_bias"]));
  EXPECT_TRUE(found["features.2.reduction.weight"].equal(wanted["layers.1.downsample.reduction.weight"]));
  EXPECT_TRUE(
      found["features.1.0.attn.cpb_mlp.2.weight"].equal(wanted["layers.0.blocks.0.attn.cpb_mlp.2.weight"]));
}

TEST(TimmSwin, TheSecondVersionBeginsAsTheIdentity) {
  torch::manual_seed(1);
  const NetworkPtr network = find_model("swinv2_tiny_window16_256").build({2, Init::random, 64});
  const auto values = network->named_parameters();
  for (const char* name :
       {"layers.0.blocks.0.norm1.weight", "layers.3.blocks.1.norm2.weight", "layers.3.blocks.1.attn.q_bias"})
    EXPECT_EQ(values[name].abs().max().item<double>(), 0) << name;
  EXPECT_TRUE(values["layers.1.downsample.norm.weight"].eq(1).all().item<bool>());
  EXPECT_NEAR(values["layers.3.blocks.1.attn.cpb_mlp.0.weight"].std().item<double>(), 0.02, 0.002);
  EXPECT_THAT(error_of([&] {
                network->forward(torch::zeros({1, 3, 64, 96}));
              }),
              HasSubstr("is built for images of 64 × 64 pixels"));
}

}  // namespace
}  // namespace graft::test
