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

}  // namespace
}  // namespace graft::test
