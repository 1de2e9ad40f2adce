#include "graft/infer/inference_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <memory>
#include <utility>

#include "graft/core/error.h"
#include "graft/infer/grad_cam.h"
#include "graft/models/finite.h"
#include "graft/models/load.h"
#include "tests/support/formula.h"
#include "tests/support/tiny_network.h"

namespace graft {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;
using torch::Tensor;

Model model_of(const char* name) {
  torch::manual_seed(4);
  Preprocess preprocess = find_model(name).preprocess;
  preprocess.resize = preprocess.crop = 96;
  return {name, {"a", "b", "c"}, preprocess, {}, find_model(name).build({3, Init::random})};
}

Tensor some_images(std::int64_t count, std::uint64_t seed = 1) {
  torch::manual_seed(seed);
  return torch::randn({count, 3, 96, 96});
}

TEST(InferenceModel, GivesTheLogitsOfTheNetworkInEvalMode) {
  const torch::NoGradGuard no_gradients;
  for (const char* name : {"resnet18", "efficientnet_lite0"}) {
    const Model model = model_of(name);
    const InferenceModel ready = InferenceModel::compile(model, torch::kCPU);
    const Tensor images = some_images(3);
    Network& network = *model.network;
    network.eval();
    EXPECT_TRUE(torch::allclose(ready.logits(images), network.forward(images), 1e-3, 1e-4));
    EXPECT_TRUE(torch::allclose(ready.features(images), network.features(images), 1e-3, 1e-4));
    EXPECT_TRUE(
        torch::allclose(ready.forward_features(images), network.forward_features(images), 1e-3, 1e-3));
    EXPECT_TRUE(ready.forward_head(ready.forward_features(images)).equal(ready.logits(images)));
    EXPECT_EQ(ready.classes(), model.classes);
    EXPECT_EQ(ready.num_outputs(), 3);
    EXPECT_EQ(ready.num_features(), ready.features(images).size(1));
  }
}

// Convolutions give bfloat16, layer norms and attention other types, which meet in shortcuts.
TEST(InferenceModel, ComputesConvNextAndTransformersInBothPrecisions) {
  const torch::NoGradGuard no_gradients;
  for (const auto& [name, side] : {std::pair("convnext_tiny", 96),
                                   {"vit_b_32", 96},
                                   {"swin_t", 96},
                                   {"swin_v2_t", 96},
                                   {"maxvit_t", 224}}) {
    const ModelSpec& spec = find_model(name);
    Model model{name, {"a", "b", "c"}, spec.preprocess, {}, spec.build({3, Init::none, side})};
    model.preprocess.crop = side;
    test::fill_with_formula(*model.network);
    model.network->eval();
    const Tensor images = test::formula_tensor("images", {1, 3, side, side});
    const Tensor expected = model.network->features(images);
    const auto error = [&](Precision precision) {
      const Tensor features = InferenceModel::compile(model, torch::kCPU, precision).features(images);
      EXPECT_EQ(features.scalar_type(), torch::kFloat32) << name;
      return ((features - expected).norm() / expected.norm()).item<double>();
    };
    EXPECT_LT(error(Precision::fp32), 1e-4) << name;
    EXPECT_LT(error(Precision::bf16), 0.05) << name;
  }
}

TEST(InferenceModel, TheOriginalNetworkIsNotChangedAndCanBeTrained) {
  const Model model = model_of("resnet18");
  std::vector<Tensor> before;
  for (const auto& [name, tensor] : named_tensors(*model.network)) before.push_back(tensor.detach().clone());
  const InferenceModel ready = InferenceModel::compile(model, torch::kCPU);
  const Tensor images = some_images(2), answer = ready.logits(images);
  EXPECT_TRUE(model.network->is_training());
  const auto after = named_tensors(*model.network);
  for (std::size_t i = 0; i < before.size(); ++i)
    EXPECT_TRUE(after[i].second.equal(before[i])) << after[i].first;
  EXPECT_TRUE(model.network->parameters().front().requires_grad());
  const torch::NoGradGuard no_gradients;
  for (const auto& [name, tensor] : named_tensors(*model.network)) tensor.zero_();
  EXPECT_TRUE(ready.logits(images).equal(answer));
  EXPECT_FALSE(answer.requires_grad());
}

TEST(InferenceModel, TakesTheNetworkOfATemporaryModel) {
  Model model = model_of("resnet18");
  const Tensor images = some_images(2), expected = InferenceModel::compile(model, torch::kCPU).logits(images);
  const std::weak_ptr<Network> network = model.network;
  const InferenceModel ready = InferenceModel::compile(std::move(model), torch::kCPU);
  EXPECT_FALSE(network.expired());
  EXPECT_FALSE(network.lock()->is_training());
  const Tensor answer = ready.logits(images);
  EXPECT_TRUE(answer.equal(expected));
  EXPECT_FALSE(answer.requires_grad());
}

TEST(InferenceModel, CopiesANetworkThatIsShared) {
  Model model = model_of("resnet18");
  const NetworkPtr shared = model.network;
  const InferenceModel ready = InferenceModel::compile(std::move(model), torch::kCPU);
  EXPECT_TRUE(shared->is_training());
  const Tensor images = some_images(2), answer = ready.logits(images);
  const torch::NoGradGuard no_gradients;
  for (const auto& [name, tensor] : named_tensors(*shared)) tensor.zero_();
  EXPECT_TRUE(ready.logits(images).equal(answer));
}

// Earlier batches have no influence.
TEST(InferenceModel, LogitsDoNotDependOnEarlierCalls) {
  for (const char* name : {"resnet18", "efficientnet_lite0"}) {
    const Model model = model_of(name);
    const InferenceModel one = InferenceModel::compile(model, torch::kCPU),
                         other = InferenceModel::compile(model, torch::kCPU);
    const Tensor images = some_images(2);
    one.logits(some_images(5, 2));
    one.logits(1e12 * some_images(1, 3));
    EXPECT_TRUE(one.logits(images).equal(other.logits(images)));
    EXPECT_TRUE(one.logits(images).equal(other.logits(images)));
  }
}

TEST(InferenceModel, EightThreadsGiveTheLogitsOfOne) {
  const std::vector<std::function<Tensor(const InferenceModel&, const Tensor&)>> questions = {
      [](const auto& model, const auto& images) { return model.logits(images); },
      [](const auto& model, const auto& images) { return model.features(images); },
      [](const auto& model, const auto& images) { return grad_cam(model, images).heat; }};
  for (const char* name : {"resnet18", "efficientnet_lite0"}) {
    const Model model = model_of(name);
    const Tensor images = some_images(8);
    for (const auto& question : questions) {
      std::vector<Tensor> expected;
      for (std::int64_t i = 0; i < 8; ++i)
        expected.push_back(question(InferenceModel::compile(model, torch::kCPU), images.narrow(0, i, 1)));
      const InferenceModel fresh = InferenceModel::compile(model, torch::kCPU);
      const auto work = [&](std::int64_t first) {
        bool equal = true;
        for (std::int64_t i = first; i < first + 16; ++i) {
          const Tensor got = question(fresh, images.narrow(0, i % 8, 1));
          equal = equal && got.equal(expected[static_cast<std::size_t>(i % 8)]);
        }
        return equal;
      };
      std::vector<std::future<bool>> threads;
      for (std::int64_t i = 0; i < 8; ++i) threads.push_back(std::async(std::launch::async, work, i));
      for (std::future<bool>& thread : threads) EXPECT_TRUE(thread.get()) << name;
    }
  }
}

TEST(InferenceModel, OverflowIsNotFiniteAfterFoldingEither) {
  const Model model = model_of("efficientnet_lite0");
  {
    const torch::NoGradGuard no_gradients;
    for (const auto& [name, tensor] : named_tensors(*model.network)) {
      if (name == "_blocks.0._project_conv.weight" || name == "_blocks.0._bn2.weight") tensor.mul_(1e30);
    }
  }
  const InferenceModel ready = InferenceModel::compile(model, torch::kCPU);
  const Tensor images = some_images(2);
  for (int call = 0; call < 3; ++call) {
    const Tensor logits = ready.logits(images);
    EXPECT_FALSE(all_finite(logits));
    EXPECT_THAT([&] { check_answers(ready, logits, images, {}); },
                ThrowsMessage<Error>(HasSubstr("from _blocks.0._bn2 on")));
  }
}

TEST(InferenceModel, ComputesInTheRequestedPrecision) {
  const Model model = model_of("resnet18");
  const Tensor images = some_images(2);
  const auto maps = [&](Precision precision) {
    return InferenceModel::compile(model, torch::kCPU, precision).forward_features(images);
  };
  EXPECT_EQ(maps(Precision::fp32).scalar_type(), torch::kFloat32);
  EXPECT_EQ(maps(Precision::bf16).scalar_type(), torch::kBFloat16);
  const Tensor automatic = maps(Precision::automatic);
  EXPECT_TRUE(automatic.equal(maps(Precision::fp32)) || automatic.equal(maps(Precision::bf16)));
}

TEST(InferenceModel, AnInvalidPreprocessIsRefused) {
  Model model = test::tiny_model({"a", "b"});
  model.preprocess.std[1] = 0;
  EXPECT_THROW(InferenceModel::compile(model, torch::kCPU), Error);
}

}  // namespace
}  // namespace graft
