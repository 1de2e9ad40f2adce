#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "graft/core/error.h"
#include "graft/models/load.h"
#include "tests/support/error_of.h"

namespace graft::test {
namespace {

TEST(Vgg, IsInitialisedAsInTorchvision) {
  torch::manual_seed(1);
  const NetworkPtr network = find_model("vgg11_bn").build({100, Init::random});
  for (const auto& [name, tensor] : named_tensors(*network)) {
    if (tensor.dim() >= 2) {  // normal: of linear layers with 0.01, else with variance 2 / fan_out
      const double fan_out = 9 * static_cast<double>(tensor.size(0));
      const double std = tensor.dim() == 2 ? 0.01 : std::sqrt(2 / fan_out);
      EXPECT_NEAR(tensor.std().item<double>(), std, 0.05 * std) << name;
    } else if (name.ends_with("bias")) {
      EXPECT_TRUE(tensor.eq(0).all().item<bool>()) << name;
    }
  }
}

TEST(Vgg, DropsBeforeTheHeadInTrainModeOnly) {
  const NetworkPtr network = find_model("vgg11").build({2, Init::none});
  const torch::NoGradGuard no_gradients;
  const auto pooled = torch::ones({1, 4096});
  EXPECT_FALSE(network->classify(pooled).equal(network->classify(pooled)));
  network->eval();
  EXPECT_TRUE(network->classify(pooled).equal(network->classify(pooled)));
}

TEST(Vgg, RefusesImagesThatAreTooSmall) {
  const NetworkPtr network = find_model("vgg11").build({2, Init::none});
  EXPECT_EQ(network->forward_features(torch::zeros({1, 3, 32, 32})).sizes(),
            torch::IntArrayRef({1, 512, 1, 1}));
  EXPECT_EQ(error_of([&] {
              network->forward(torch::zeros({1, 3, 31, 224}));
            }),
            "VGG: cannot take images of 31 × 224 pixels; give images of at least 32 × 32 pixels");
}

// In timm's files they are convolutions.
TEST(Vgg, HiddenLayersOfTimmsFilesBecomeLinear) {
  const ModelSpec& spec = find_model("vgg11");
  const auto first = torch::rand({4, 3, 2, 2}), second = torch::rand({4, 4, 1, 1});
  StateDict file;
  file.tensors = {{"pre_logits.fc1.weight", view_of(first)}, {"pre_logits.fc2.weight", view_of(second)}};
  std::vector<std::string> notes;
  spec.adapt(file, *spec.build({2, Init::none}), notes);
  EXPECT_TRUE(to_tensor(file.tensors[0].tensor).equal(first.flatten(1)));
  EXPECT_TRUE(to_tensor(file.tensors[1].tensor).equal(second.flatten(1)));
  EXPECT_EQ(spec.other_names.at("pre_logits.fc2"), "classifier.3");
}

// The tensors of a file with a classifier of NaN, in small.
TEST(Vgg, WeightsWithoutAClassifierGetInitialValues) {
  const PretrainedWeights* weights = find_pretrained(find_model("vgg16"), "IMAGENET1K_FEATURES");
  ASSERT_NE(weights, nullptr);
  EXPECT_THAT(weights->note, testing::HasSubstr("no classifier"));
  const auto nothing = torch::full({300}, std::numeric_limits<float>::quiet_NaN());
  const auto values = torch::rand({300});
  StateDict file;
  file.tensors = {{"features.0.weight", view_of(values)},
                  {"classifier.0.weight", view_of(nothing.view({30, 10}))},
                  {"classifier.0.bias", view_of(nothing)},
                  {"classifier.6.weight", view_of(nothing.view({3, 100}))},
                  {"classifier.6.bias", view_of(nothing)}};
  torch::manual_seed(1);
  const StateDict first = weights->filter(file);
  torch::manual_seed(2);
  const StateDict again = weights->filter(file);
  ASSERT_EQ(first.tensors.size(), 3U) << "without the head";
  EXPECT_TRUE(to_tensor(*first.find("features.0.weight")).equal(values));
  const auto weight = to_tensor(*first.find("classifier.0.weight"));
  EXPECT_EQ(weight.sizes(), torch::IntArrayRef({30, 10}));
  EXPECT_NEAR(weight.std().item<double>(), 0.01, 0.002);
  EXPECT_TRUE(weight.equal(to_tensor(*again.find("classifier.0.weight"))));
  EXPECT_TRUE(to_tensor(*first.find("classifier.0.bias")).eq(0).all().item<bool>());
}

}  // namespace
}  // namespace graft::test
