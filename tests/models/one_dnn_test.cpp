#include "graft/models/one_dnn.h"

#include <gtest/gtest.h>

#include <vector>

namespace graft {
namespace {

using torch::Tensor;

std::vector<Tensor> gradients(const Tensor& y, const Tensor& of_y, const std::vector<Tensor>& inputs) {
  return torch::autograd::grad({y}, inputs, {of_y});
}

// Of the input, the weight and the bias.
TEST(TrainableLinear, HasTheValuesAndGradientsOfTorchsLinear) {
  torch::manual_seed(3);
  for (const auto& shape : {std::vector<std::int64_t>{5, 12}, {2, 3, 12}, {2, 3, 4, 12}}) {
    for (const bool with_bias : {true, false}) {
      const Tensor x = torch::randn(shape).requires_grad_(), weight = torch::randn({7, 12}).requires_grad_();
      const Tensor bias = with_bias ? torch::randn({7}).requires_grad_() : Tensor();
      std::vector<Tensor> inputs = {x, weight};
      if (with_bias) inputs.push_back(bias);
      const Tensor expected = torch::linear(x, weight, bias), y = trainable_linear(x, weight, bias);
      EXPECT_TRUE(torch::allclose(y, expected, 1e-5, 1e-5));
      // Contiguous or not.
      for (const Tensor& of_y : {torch::randn_like(y), torch::randn({7}).expand(y.sizes())}) {
        const auto theirs = gradients(torch::linear(x, weight, bias), of_y, inputs);
        const auto ours = gradients(trainable_linear(x, weight, bias), of_y, inputs);
        ASSERT_EQ(ours.size(), theirs.size());
        for (std::size_t i = 0; i < ours.size(); ++i) {
          EXPECT_EQ(ours[i].sizes(), theirs[i].sizes());
          EXPECT_TRUE(torch::allclose(ours[i], theirs[i], 1e-4, 1e-4)) << i;
        }
      }
    }
  }
}

TEST(TrainableLinear, ComputesOnlyGradientsThatAreNeeded) {
  const Tensor x = torch::randn({4, 6}).requires_grad_(), weight = torch::randn({3, 6}),
               bias = torch::randn({3});
  const Tensor y = trainable_linear(x, weight, bias);
  EXPECT_TRUE(
      torch::allclose(gradients(y, torch::ones_like(y), {x})[0], weight.sum(0).expand({4, 6}), 1e-5, 1e-5));
  EXPECT_FALSE(trainable_linear(x.detach(), weight, bias).requires_grad());
}

TEST(OneDnn, IsForFloatsOnACpu) {
  EXPECT_TRUE(may_use_one_dnn(torch::ones({1})));
  EXPECT_TRUE(may_use_one_dnn(torch::ones({1}, torch::kBFloat16)));
  EXPECT_FALSE(may_use_one_dnn(torch::ones({1}, torch::kFloat64)));
  EXPECT_FALSE(static_cast<bool>(OneDnnOperator("mkldnn::no_such_operator")));
}

}  // namespace
}  // namespace graft
