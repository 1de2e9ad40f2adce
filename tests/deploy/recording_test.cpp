#include "graft/deploy/recording.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/deploy/operator_network.h"
#include "tests/support/error_of.h"
#include "tests/support/tiny_network.h"

namespace graft {
namespace {

using test::operator_network;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> operators_of(const Recording& recording) {
  std::vector<std::string> names;
  for (const Call& call : recording.calls) names.push_back(call.op);
  return names;
}

TEST(Recording, HasTheOperatorsThatComputeTheLogits) {
  test::TinyNetwork network(3);
  network.eval();
  const Recording recording = record_forward(network, 16);
  EXPECT_THAT(operators_of(recording), ::testing::IsSupersetOf({"conv2d", "batch_norm", "mean.dim"}));
  EXPECT_EQ(recording.values[0].shape, (Extents{{0, 1}, {3, 0}, {16, 0}, {16, 0}}));
  EXPECT_EQ(recording.values[recording.logits].shape, (Extents{{0, 1}, {3, 0}}));
}

// Constants are computed once, and what depends on the number of images is an extent of it.
TEST(Recording, SeparatesConstantsAndSizesOfTheImages) {
  const auto network = operator_network([](const torch::Tensor& images) {
    const torch::Tensor factor = torch::arange(3, torch::kFloat32).exp().view({1, 3, 1, 1});
    return (images * factor).reshape({images.size(0) * 3, -1}).reshape({images.size(0), 3, 4, 4});
  });
  const Recording recording = record_forward(*network, 4);
  const auto names = operators_of(recording);
  EXPECT_THAT(std::vector<std::string>(names.begin(), names.begin() + 3),
              ElementsAre("mul.Tensor", "reshape", "reshape"));
  EXPECT_EQ(std::get<Extents>(recording.calls[1].arguments[1]), (Extents{{0, 3}, {-1, 0}}));
}

TEST(Recording, RefusesWhatOperatorsDoNotDescribe) {
  const auto refusal = [](const test::OperatorNetwork::Function& function) {
    return test::error_of([&] { record_forward(*operator_network(function), 4); });
  };
  EXPECT_THAT(refusal([](const torch::Tensor& images) { return images * images.mean().item<float>(); }),
              HasSubstr("reads a value of a tensor that depends on the images"));
  EXPECT_THAT(
      refusal([](const torch::Tensor& images) { return images.size(0) == 2 ? images.relu() : images; }),
      HasSubstr("calls other operators for more images"));
  EXPECT_THAT(refusal([](const torch::Tensor& images) {
                torch::Tensor copy = images.clone();
                copy.select(1, 0).relu_();
                return copy;
              }),
              HasSubstr("is used after an operator has written into a view of it"));
  EXPECT_THAT(refusal([](const torch::Tensor& images) {
                return images.view({images.size(0), 3, 4, 4}).slice(2, 0, images.size(0) - 1);
              }),
              HasSubstr("not in proportion"));
}

// An operator that writes into its input gives a new value.
TEST(Recording, FollowsValuesThatAreOverwritten) {
  const auto network = operator_network([](const torch::Tensor& images) {
    torch::Tensor sum = images + images;
    sum.relu_();
    return sum.mul_(sum);
  });
  const Recording recording = record_forward(*network, 4);
  ASSERT_EQ(recording.calls[2].op, "mul_.Tensor");
  EXPECT_EQ(std::get<ValueId>(recording.calls[2].arguments[0]), recording.calls[1].results[0]);
}

}  // namespace
}  // namespace graft
