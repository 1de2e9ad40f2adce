#include "graft/train/compute.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>

#include "graft/core/error.h"
#include "tests/support/tiny_network.h"

namespace graft {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

// Throws as oneDNN does if the processor lacks instructions.
class NoValidation : public test::TinyNetwork {
 public:
  NoValidation() : TinyNetwork(2) {}
  torch::Tensor forward_features(const torch::Tensor&) override {
    throw std::runtime_error("could not create a primitive descriptor");
  }

 protected:
  NetworkPtr make_alike() const override { return std::make_shared<NoValidation>(); }
};

TEST(ResolvePrecision, AFrozenNetworkStaysInFloat32) {
  Recipe recipe;
  recipe.precision = Precision::bf16;
  recipe.freeze = true;
  const Model model = test::tiny_model({"a", "b"});
  EXPECT_EQ(resolve_precision(recipe, model, torch::kCPU).precision, Precision::fp32);
}

TEST(ResolvePrecision, DoesNotChangeTheNetwork) {
  Recipe recipe;
  recipe.precision = Precision::bf16;
  const Model model = test::tiny_model({"a", "b"});
  const auto& network = dynamic_cast<const test::TinyNetwork&>(*model.network);
  const torch::Tensor mean = network.norm()->running_mean.clone();
  EXPECT_EQ(resolve_precision(recipe, model, torch::kCPU).precision, Precision::bf16);
  EXPECT_TRUE(network.norm()->running_mean.equal(mean));
  EXPECT_TRUE(network.is_training());
}

TEST(ResolvePrecision, FindsMissingValidationOperatorsBeforeTraining) {
  Recipe recipe;
  Model model = test::tiny_model({"a", "b"});
  model.network = std::make_shared<NoValidation>();
  recipe.precision = Precision::bf16;
  EXPECT_THAT(
      [&] { resolve_precision(recipe, model, torch::kCPU); },
      ThrowsMessage<Error>(HasSubstr("`precision` bf16: bfloat16 is missing in validation on this machine "
                                     "with this libtorch; use `precision` fp32")));
  recipe.precision = Precision::automatic;
  EXPECT_EQ(resolve_precision(recipe, model, torch::kCPU).precision, Precision::fp32);
}

}  // namespace
}  // namespace graft
