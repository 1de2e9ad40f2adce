// timm's EfficientNets and MobileNets: their initial values, and the names that they share with other models.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "graft/models/file_names.h"
#include "graft/models/load.h"
#include "graft/models/registry.h"
#include "tests/support/error_of.h"
#include "tests/support/formula.h"

namespace graft::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

StateDict filled_state(const char* model, const NetworkPtr& network, const char* arch) {
  fill_with_formula(*network);
  StateDict state = state_of(*network);
  if (*arch != '\0') state.metadata = {{"arch", arch}};
  EXPECT_EQ(identify_model(state), model);
  return state;
}

TEST(TimmEfficientNet, HasTheNameOfTorchvisionsAndItsOwnWeights) {
  EXPECT_EQ(find_model("efficientnet_b5").pretrained.front().name, "IMAGENET1K_V1");
  EXPECT_EQ(find_model("efficientnet_b5").pretrained.size(), 1U);
  const ModelSpec& timm = *find_by_timm_name("efficientnet_b5.sw_in12k");
  EXPECT_EQ(timm.name, "timm_efficientnet_b5");
  EXPECT_EQ(find_by_stated_name("timm/efficientnet_b5.sw_in12k"), &timm);
  EXPECT_EQ(timm.pretrained.front().hub, "timm/efficientnet_b5.sw_in12k_ft_in1k");
  EXPECT_EQ(timm.python_network, "timm.create_model('efficientnet_b5', num_classes={})");
}

TEST(TimmEfficientNet, AFileThatStatesTheSharedNameIsReadByItsTensors) {
  for (const char* name : {"efficientnet_b5", "timm_efficientnet_b5"}) {
    const ModelSpec& spec = find_model(name);
    const NetworkPtr source = spec.build({2, Init::none}), target = spec.build({2, Init::none});
    const StateDict state = filled_state(name, source, "efficientnet_b5");
    EXPECT_THAT(load_state(*target, spec, state, "file.pth").notes, ElementsAre()) << name;
  }
}

TEST(TimmEfficientNet, ItsFilesAreNotReadAsThoseOfItsTwin) {
  const ModelSpec& spec = find_model("efficientnet_b0");
  const ModelSpec& tensorflow = find_model("tf_efficientnet_b0");
  const NetworkPtr network = spec.build({2, Init::none}), source = tensorflow.build({2, Init::none});
  fill_with_formula(*source);
  StateDict state = state_of(*source);
  EXPECT_THAT(load_state(*network, spec, state, "file.pth").notes,
              ElementsAre(HasSubstr("whether its model is timm's efficientnet_b0 or tf_efficientnet_b0")));
  EXPECT_THAT(load_state(*source, tensorflow, state, "file.pth").notes,
              ElementsAre(HasSubstr("tf_efficientnet_b0 is assumed (`model` tf_efficientnet_b0)")));
  state.metadata = {{"arch", "tf_efficientnet_b0.ns_jft_in1k"}};
  EXPECT_THAT(error_of([&] { load_state(*network, spec, state, "file.pth"); }),
              HasSubstr("states that its model is tf_efficientnet_b0, not efficientnet_b0"));
  EXPECT_THAT(load_state(*source, tensorflow, state, "file.pth").notes, ElementsAre());
}

TEST(TimmEfficientNet, StochasticDepthGrowsFromBlockToBlock) {
  const NetworkPtr network = find_model("tf_efficientnetv2_b0").build({2, Init::random});
  network->train();
  const torch::Tensor image = torch::rand({1, 3, 64, 64}), pair = torch::cat({image, image});
  const torch::NoGradGuard no_gradients;
  torch::manual_seed(1);
  const torch::Tensor features = network->forward_features(pair);
  EXPECT_FALSE(torch::allclose(features[0], features[1]));
  network->eval();
  const torch::Tensor same = network->forward_features(pair);
  EXPECT_TRUE(torch::allclose(same[0], same[1], 1e-4, 1e-5));
}

TEST(TimmMobileNetV4, ItsAttentionIsInitialisedAsInTimm) {
  torch::manual_seed(1);
  const NetworkPtr network = find_model("mobilenetv4_hybrid_medium").build({50, Init::random});
  const auto values = network->named_parameters();
  const torch::Tensor query = values["blocks.2.4.attn.query.proj.weight"];
  const double bound = std::sqrt(6.0 / (160 + 256));  // Glorot's
  EXPECT_NEAR(query.std().item<double>(), bound / std::sqrt(3.0), 0.002);
  EXPECT_LE(query.abs().max().item<double>(), 1.00001 * bound);
  EXPECT_FLOAT_EQ(values["blocks.2.4.layer_scale.gamma"].min().item<float>(), 1e-5F);
  EXPECT_EQ(network->op_kinds().count(OpKind::attention), 1U);
  EXPECT_EQ(find_model("mobilenetv4_conv_small").build({2, Init::none})->op_kinds().count(OpKind::attention),
            0U);
}

TEST(TimmMobileNetV3, ItsHeadFollowsThePooling) {
  const NetworkPtr network = find_model("mobilenetv3_small_050").build({2, Init::random});
  network->eval();
  const torch::NoGradGuard no_gradients;
  const torch::Tensor maps = network->forward_features(torch::rand({2, 3, 64, 96}));
  EXPECT_EQ(maps.sizes(), torch::IntArrayRef({2, network->feature_info().dim, 2, 3}));
  EXPECT_EQ(network->forward_head(maps, true).sizes(), torch::IntArrayRef({2, 1024}));
  const auto groups = network->groups();
  EXPECT_THAT(groups[groups.size() - 2], ElementsAre("conv_head.weight", "conv_head.bias"));
}

}  // namespace
}  // namespace graft::test
