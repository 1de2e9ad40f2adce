#include "graft/models/resnet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "graft/models/load.h"
#include "tests/support/error_of.h"
#include "tests/support/formula.h"

namespace graft::test {
namespace {

constexpr ResNetShape resnet18_shape = {{2, 2, 2, 2}};

TEST(ResNet, IsInitialisedAsInTorchvision) {
  torch::manual_seed(1);
  const NetworkPtr network = make_resnet(resnet18_shape, 10, Init::random);
  for (const auto& [name, tensor] : named_tensors(*network)) {
    if (tensor.dim() == 4) {  // normal with variance 2 / fan_out
      const double fan_out = static_cast<double>(tensor.size(0) * tensor.size(2) * tensor.size(3));
      EXPECT_NEAR(tensor.std().item<double>(), std::sqrt(2 / fan_out), 0.05 * std::sqrt(2 / fan_out)) << name;
      EXPECT_GT(tensor.abs().max().item<double>(), 3 * std::sqrt(2 / fan_out)) << name;
    } else if (name.ends_with("running_var") || (tensor.dim() == 1 && name.ends_with("weight"))) {
      EXPECT_TRUE(tensor.eq(1).all().item<bool>()) << name;
    } else if (name != "fc.weight" && name != "fc.bias") {
      EXPECT_TRUE(tensor.eq(0).all().item<bool>()) << name;
    }
  }
  const double bound = 1 / std::sqrt(512.0);  // torch.nn.Linear: uniform
  EXPECT_LE(network->head()->weight.abs().max().item<double>(), bound);
  EXPECT_GT(network->head()->weight.abs().max().item<double>(), 0.9 * bound);
}

// The residual branches begin as zero.
TEST(ResNet, IsInitialisedAsInTimm) {
  torch::manual_seed(1);
  for (const char* model : {"seresnext26t_32x4d", "regnety_002"}) {
    const bool is_regnet = std::string(model) == "regnety_002";
    for (const auto& [name, tensor] : named_tensors(*find_model(model).build({10, Init::random}))) {
      const bool is_last = name.ends_with("bn3.weight") || name.ends_with("conv3.bn.weight");
      const bool is_other = name.ends_with("bn2.weight") || name.ends_with("downsample.bn.weight");
      if (is_last || is_other) {
        EXPECT_TRUE(tensor.eq(is_last ? 0 : 1).all().item<bool>()) << name;
      }
      if (name.ends_with("se.fc1.bias")) {
        EXPECT_EQ(tensor.eq(0).all().item<bool>(), is_regnet) << name;
      }
    }
  }
}

TEST(ResNet, RefusesSidesThatItsMeansWouldCut) {
  const NetworkPtr network = find_model("resnetaa50d").build({2, Init::none});
  fill_with_formula(*network);
  network->eval();
  EXPECT_EQ(network->forward(torch::zeros({1, 3, 64, 96})).size(1), 2);
  EXPECT_THAT(error_of([&] {
                network->forward(torch::zeros({1, 3, 64, 80}));
              }),
              ::testing::HasSubstr("cannot take images with a side of 80 pixels"));
}

TEST(ResNet, GivesItsPooledFeaturesAndClassifiesThem) {
  const NetworkPtr network = make_resnet(resnet18_shape, 3, Init::none);
  fill_with_formula(*network);
  network->eval();
  const torch::NoGradGuard no_gradients;
  const auto images = formula_tensor("images", {2, 3, 40, 56});
  const auto features = network->features(images);
  EXPECT_EQ(features.sizes(), torch::IntArrayRef({2, 512}));
  EXPECT_TRUE(network->classify(features).equal(network->forward(images)));
}

TEST(ResNet, GradientsReachEveryParameter) {
  const NetworkPtr network = make_resnet(resnet18_shape, 2, Init::none);
  fill_with_formula(*network);
  network->forward(formula_tensor("images", {2, 3, 64, 64})).sum().backward();
  for (const auto& item : network->named_parameters()) {
    ASSERT_TRUE(item.value().grad().defined()) << item.key();
    EXPECT_GT(item.value().grad().abs().sum().item<double>(), 0) << item.key();
  }
}

}  // namespace
}  // namespace graft::test
