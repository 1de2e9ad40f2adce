#include "graft/models/finite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "graft/core/error.h"
#include "graft/models/load.h"
#include "graft/models/registry.h"

namespace graft {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();

torch::Tensor tensor_of(const Network& network, const std::string& name) {
  for (const auto& [each, tensor] : named_tensors(network)) {
    if (each == name) return tensor.detach();
  }
  throw Error(name, "is no tensor of it");
}

// Changes after which a network with (almost) only finite tensors gives NaN in PyTorch.
struct Spoiled {
  const char* model;
  std::vector<std::string> tensors;
  float factor;       // of all values; 0: the running variance becomes −1
  bool first_only;    // only the first value
  std::string blame;  // named by check_tensors or first_layer_not_finite
};
const Spoiled spoiled_states[] = {
    {"resnet18", {"layer1.0.bn1.running_var"}, 0, false, "layer1.0.bn1.running_var"},
    {"resnet18", {"layer1.0.bn1.running_var"}, 0, true, "layer1.0.bn1.running_var"},
    {"resnet18", {"layer2.0.downsample.1.running_var"}, 0, true, "layer2.0.downsample.1.running_var"},
    {"resnet18", {"layer2.0.conv1.weight"}, 1e38F, false, "layer2.0.conv1"},
    {"resnet18", {"conv1.weight", "layer1.0.conv1.weight"}, 1e38F, false, "layer1.0.conv1"},
    {"resnet18", {"bn1.weight", "layer1.0.bn1.weight"}, 1e30F, false, "layer1.0.bn1"},
    {"resnet18", {"layer4.1.bn2.weight", "fc.weight"}, 1e25F, false, "fc"},
    {"efficientnet_lite0", {"_blocks.1._bn0.running_var"}, 0, false, "_blocks.1._bn0.running_var"},
    {"efficientnet_lite0", {"_blocks.1._bn2.running_var"}, 0, true, "_blocks.1._bn2.running_var"},
    {"efficientnet_lite0",
     {"_blocks.0._project_conv.weight", "_blocks.0._bn2.weight"},
     1e30F,
     false,
     "_blocks.0._bn2"},
};

NetworkPtr spoiled(const Spoiled& spoiled) {
  torch::manual_seed(3);
  const NetworkPtr network = find_model(spoiled.model).build({3, Init::random});
  network->eval();
  const torch::NoGradGuard no_gradients;
  for (const std::string& name : spoiled.tensors) {
    torch::Tensor values = tensor_of(*network, name).flatten();
    if (spoiled.first_only) values = values.slice(0, 0, 1);
    spoiled.factor == 0 ? values.fill_(-1) : values.mul_(spoiled.factor);
  }
  return network;
}

torch::Tensor images(std::uint64_t seed) {
  torch::manual_seed(seed);
  return torch::randn({2, 3, 64, 64}).contiguous(torch::MemoryFormat::ChannelsLast);
}

std::string blamed(Network& network) {
  try {
    check_tensors(network);
  } catch (const Error& error) {
    return error.where();
  }
  return first_layer_not_finite(network, images(1));
}

TEST(Finite, FoldedNetworksGiveNaNWherePlainOnesDo) {
  const torch::NoGradGuard no_gradients;
  for (const Spoiled& each : spoiled_states) {
    const NetworkPtr network = spoiled(each);
    EXPECT_FALSE(all_finite(network->forward(images(1)))) << each.blame;
    for (const Precision precision : {Precision::fp32, Precision::bf16}) {
      const NetworkPtr folded = network->copy_to(torch::kCPU);
      prepare_for_inference(*folded, precision, images(1));
      for (int batch = 0; batch < 3; ++batch)
        EXPECT_FALSE(all_finite(folded->forward(images(1 + batch)))) << each.blame;
    }
  }
}

TEST(Finite, TheFirstFaultyLayerIsNamed) {
  for (const Spoiled& each : spoiled_states) {
    const NetworkPtr network = spoiled(each);
    EXPECT_EQ(blamed(*network), each.blame);
  }
}

TEST(Finite, AFiniteNetworkHasNoFaultyLayer) {
  for (const char* name : {"resnet18", "efficientnet_lite0"}) {
    torch::manual_seed(3);
    const NetworkPtr network = find_model(name).build({3, Init::random});
    network->eval();
    EXPECT_EQ(blamed(*network), "");
  }
}

TEST(Finite, FaultyTensorsAreNamedWithTheProblem) {
  const NetworkPtr network = find_model("efficientnet_lite0").build({3, Init::random});
  const auto expect = [&](const char* name, float value, const char* part) {
    const torch::Tensor values = tensor_of(*network, name).flatten();
    const float kept = values[2].item<float>();
    values[2] = value;
    EXPECT_THAT([&] { check_tensors(*network); },
                ThrowsMessage<Error>(AllOf(HasSubstr(name), HasSubstr(part))));
    values[2] = kept;
  };
  const torch::NoGradGuard no_gradients;
  expect("_fc.bias", not_a_number, "not finite");
  expect("_conv_stem.weight", -infinity, "not finite");
  expect("_bn0.running_mean", infinity, "not finite");
  expect("_bn0.running_var", not_a_number, "not finite");
  expect("_bn0.running_var", -0.01F, "negative variance");
  EXPECT_NO_THROW(check_tensors(*network));
}

TEST(Finite, IntegersAndEmptyTensorsAreFinite) {
  EXPECT_TRUE(all_finite(torch::arange(3)));
  EXPECT_TRUE(all_finite(torch::empty({0})));
  EXPECT_FALSE(all_finite(torch::tensor({1.F, not_a_number, 2.F})));
  EXPECT_FALSE(all_finite(torch::tensor({1.F, -infinity})));
}

}  // namespace
}  // namespace graft
