#include "graft/models/network.h"

#include <gtest/gtest.h>

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

TEST(Network, FoldedAnswersAsInEvalModeAndUnfoldsAtTheEnd) {
  const torch::NoGradGuard no_gradients;
  torch::manual_seed(2);
  const NetworkPtr network = make_resnet({{1, 1, 1, 1}}, 5, Init::random);
  for (const auto& [name, tensor] : named_tensors(*network)) {
    if (name.ends_with("running_mean")) tensor.normal_(0, 0.1);
    if (name.ends_with("running_var")) tensor.uniform_(0.5, 2);
  }
  network->eval();
  const auto images = torch::randn({2, 3, 64, 64});
  const auto plain = network->forward(images);
  {
    const Folded folded(*network);
    const Folded within(*network, Precision::bf16);  // the outer one decides
    EXPECT_TRUE(torch::allclose(network->forward(images), plain, 1e-4, 1e-5));
    EXPECT_FALSE(network->forward(images).equal(plain));
  }
  EXPECT_TRUE(network->forward(images).equal(plain));
  const Folded folded(*network, Precision::bf16);
  const auto rounded = network->forward(images);
  EXPECT_EQ(rounded.scalar_type(), torch::kFloat32);
  EXPECT_LT((rounded - plain).abs().max().item<double>(), 0.05 * plain.abs().max().item<double>());
}

}  // namespace
}  // namespace graft::test
