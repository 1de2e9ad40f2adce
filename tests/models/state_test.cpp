#include "graft/models/load.h"

#include <gtest/gtest.h>

#include <cstring>

#include "graft/core/error.h"

namespace graft::test {
namespace {

TEST(State, FollowsTheOrderOfPythonsStateDict) {
  torch::nn::Sequential network(torch::nn::Linear(2, 3), torch::nn::BatchNorm1d(3));
  std::vector<std::string> names;
  for (const NamedTensor& each : state_of(*network).tensors) names.push_back(each.name);
  EXPECT_EQ(names, (std::vector<std::string>{"0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean",
                                             "1.running_var", "1.num_batches_tracked"}));
}

TEST(State, ShowsDtypesShapesAndBytes) {
  torch::nn::BatchNorm1d norm(3);
  const StateDict state = state_of(*norm);
  const TensorView* weight = state.find("weight");
  ASSERT_NE(weight, nullptr);
  EXPECT_EQ(weight->dtype, DType::float32);
  EXPECT_EQ(weight->shape, std::vector<std::int64_t>{3});
  const float ones[3] = {1, 1, 1};
  ASSERT_EQ(weight->bytes.size(), sizeof ones);
  EXPECT_EQ(std::memcmp(weight->bytes.data(), ones, sizeof ones), 0);
  EXPECT_EQ(state.find("num_batches_tracked")->dtype, DType::int64);
  EXPECT_TRUE(state.find("num_batches_tracked")->shape.empty());
}

TEST(State, OutlivesTheNetwork) {
  StateDict state;
  {
    torch::nn::Linear layer(4, 4);
    torch::nn::init::constant_(layer->weight, 7);
    state = state_of(*layer);
  }
  EXPECT_TRUE(to_tensor(*state.find("weight")).eq(7).all().item<bool>());
}

TEST(State, MakesStridedTensorsContiguous) {
  torch::nn::Linear layer(2, 3);
  const torch::NoGradGuard no_gradients;
  layer->weight.set_data(torch::arange(6).to(torch::kFloat32).view({2, 3}).t());
  EXPECT_TRUE(to_tensor(*state_of(*layer).find("weight")).equal(layer->weight));
}

TEST(State, RefusesUnsupportedDtypes) {
  torch::nn::Linear layer(2, 2);
  layer->to(torch::kComplexFloat);
  EXPECT_THROW(state_of(*layer), Error);
}

TEST(ToTensor, ReadsUnalignedBytes) {
  const float values[2] = {1.5F, -2.0F};
  alignas(8) std::uint8_t bytes[1 + sizeof values];
  std::memcpy(bytes + 1, values, sizeof values);
  const torch::Tensor tensor = to_tensor({DType::float32, {2}, {bytes + 1, sizeof values}});
  EXPECT_TRUE(tensor.equal(torch::tensor({1.5F, -2.0F})));
}

}  // namespace
}  // namespace graft::test
