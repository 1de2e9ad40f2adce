#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/core/error.h"
#include "graft/models/load.h"
#include "graft/models/registry.h"
#include "tests/support/error_of.h"

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

}  // namespace
}  // namespace graft::test
