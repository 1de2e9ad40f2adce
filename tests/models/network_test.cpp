#include "graft/models/network.h"

#include <gtest/gtest.h>

#include "graft/device/random_state.h"
#include "graft/models/registry.h"
#include "graft/models/resnet.h"
#include "graft/models/state.h"

namespace graft::test {
namespace {

TEST(Network, ReplacesItsHeadInPlace) {
  const NetworkPtr network = make_resnet({{1, 1, 1, 1}}, 1000, Init::random);
  const auto before = named_tensors(*network);
  network->replace_head(2);
  const auto after = named_tensors(*network);
  EXPECT_EQ(network->head_name(), "fc");
  EXPECT_EQ(network->head()->weight.sizes(), torch::IntArrayRef({2, 512}));
  EXPECT_EQ(network->head()->bias.sizes(), torch::IntArrayRef({2}));
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < after.size(); ++i) {
    EXPECT_EQ(after[i].first, before[i].first);
    EXPECT_EQ(after[i].second.is_same(before[i].second), !after[i].first.starts_with("fc."))
        << after[i].first;
  }
  EXPECT_EQ(network->forward(torch::zeros({2, 3, 32, 32})).sizes(), torch::IntArrayRef({2, 2}));
}

TEST(Network, KeepsTheDtypeOfAReplacedHead) {
  const NetworkPtr network = make_resnet({{1, 1, 1, 1}}, 5, Init::random);
  network->to(torch::kFloat64);
  network->replace_head(2);
  EXPECT_EQ(network->head()->weight.scalar_type(), torch::kFloat64);
}

NetworkPtr small_network() {
  torch::manual_seed(2);
  const NetworkPtr network = make_resnet({{1, 1, 1, 1}}, 5, Init::random);
  const torch::NoGradGuard no_gradients;
  for (const auto& [name, tensor] : named_tensors(*network)) {
    if (name.ends_with("running_mean")) tensor.normal_(0, 0.1);
    if (name.ends_with("running_var")) tensor.uniform_(0.5, 2);
  }
  return network;
}

TEST(Network, ACopyHasTheSameValuesInMemoryOfItsOwn) {
  for (const NetworkPtr& network :
       {small_network(), find_model("timm_efficientnet_lite0").build(4, Init::random)}) {
    network->replace_head(7);
    network->to(torch::kFloat64);
    network->train();
    const auto random = random_state(torch::kCPU);
    const NetworkPtr copy = network->copy_to(torch::kCPU);
    EXPECT_TRUE(random_state(torch::kCPU)[0].equal(random[0])) << "a copy draws nothing";
    EXPECT_TRUE(network->is_training());
    EXPECT_FALSE(copy->is_training());
    const auto ours = named_tensors(*network), theirs = named_tensors(*copy);
    ASSERT_EQ(ours.size(), theirs.size());
    for (std::size_t i = 0; i < ours.size(); ++i) {
      EXPECT_EQ(ours[i].first, theirs[i].first);
      EXPECT_EQ(ours[i].second.scalar_type(), theirs[i].second.scalar_type());
      EXPECT_TRUE(ours[i].second.equal(theirs[i].second)) << ours[i].first;
      EXPECT_FALSE(ours[i].second.is_alias_of(theirs[i].second)) << ours[i].first;
      EXPECT_FALSE(theirs[i].second.requires_grad()) << ours[i].first;
    }
    network->eval();
    const auto images = torch::randn({1, 3, 64, 64}, torch::kFloat64);
    EXPECT_TRUE(copy->forward(images).equal(network->forward(images)));
  }
}

TEST(Network, FoldedItAnswersAsInEvalMode) {
  const torch::NoGradGuard no_gradients;
  const NetworkPtr network = small_network();
  network->eval();
  const auto images = torch::randn({2, 3, 64, 64});
  const auto plain = network->forward(images);
  const NetworkPtr folded = network->copy_to(torch::kCPU), rounded = network->copy_to(torch::kCPU);
  fold_batch_norm(*folded, Precision::fp32, images);
  EXPECT_TRUE(torch::allclose(folded->forward(images), plain, 1e-4, 1e-5));
  EXPECT_FALSE(folded->forward(images).equal(plain));
  EXPECT_TRUE(network->forward(images).equal(plain)) << "the copied network stays as it is";
  fold_batch_norm(*rounded, Precision::bf16, images);
  const auto answer = rounded->forward(images);
  EXPECT_EQ(answer.scalar_type(), torch::kFloat32);
  EXPECT_LT((answer - plain).abs().max().item<double>(), 0.05 * plain.abs().max().item<double>());
}

}  // namespace
}  // namespace graft::test
