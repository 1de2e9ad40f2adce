#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "graft/core/error.h"
#include "graft/models/load.h"
#include "graft/models/registry.h"
#include "tests/support/error_of.h"

namespace graft::test {
namespace {

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

}  // namespace
}  // namespace graft::test
