#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "graft/core/error.h"
#include "graft/models/load.h"
#include "tests/support/error_of.h"

namespace graft::test {
namespace {

TEST(AlexNet, IsInitialisedAsInTorchvision) {
  torch::manual_seed(1);
  const NetworkPtr network = find_model("alexnet").build({1000, Init::random});
  double bound = 0;
  for (const auto& [name, tensor] : named_tensors(*network)) {  // uniform; a bias follows its weight
    if (name.ends_with("weight")) bound = 1 / std::sqrt(static_cast<double>(tensor[0].numel()));
    EXPECT_LE(tensor.abs().max().item<double>(), 1.000001 * bound) << name;
    EXPECT_GT(tensor.abs().max().item<double>(), 0.9 * bound) << name;
  }
}

TEST(AlexNet, RefusesImagesThatAreTooSmall) {
  const NetworkPtr network = find_model("alexnet").build({2, Init::none});
  EXPECT_EQ(network->forward_features(torch::zeros({1, 3, 63, 63})).sizes(),
            torch::IntArrayRef({1, 256, 1, 1}));
  EXPECT_EQ(error_of([&] {
              network->forward(torch::zeros({1, 3, 224, 62}));
            }),
            "AlexNet: cannot take images of 224 × 62 pixels; give images of at least 63 × 63 pixels");
}

// Dropout is before the hidden layers, not before the head.
TEST(AlexNet, DropsInTrainModeOnly) {
  torch::manual_seed(1);
  const NetworkPtr network = find_model("alexnet").build({2, Init::random});
  const torch::NoGradGuard no_gradients;
  const auto features = torch::rand({1, 256, 6, 6});
  const auto pooled = network->forward_head(features, true);
  EXPECT_FALSE(pooled.equal(network->forward_head(features, true)));
  EXPECT_TRUE(network->classify(pooled).equal(network->classify(pooled)));
  network->eval();
  EXPECT_TRUE(network->forward_head(features).equal(network->forward_head(features)));
}

}  // namespace
}  // namespace graft::test
