#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "graft/core/error.h"
#include "graft/models/load.h"
#include "graft/models/registry.h"
#include "graft/train/probe.h"
#include "tests/support/error_of.h"
#include "tests/support/formula.h"

namespace graft::test {
namespace {

NetworkPtr squeezenet_of(std::int64_t classes, Init init = Init::none) {
  return find_model("squeezenet1_1").build({classes, init});
}

TEST(SqueezeNet, IsInitialisedAsInTorchvision) {
  torch::manual_seed(1);
  const NetworkPtr network = squeezenet_of(50, Init::random);
  for (const auto& [name, tensor] : named_tensors(*network)) {
    const double largest = tensor.abs().max().item<double>();
    if (name.ends_with("bias")) {
      EXPECT_EQ(largest, 0) << name;
    } else if (name == "classifier.1.weight") {
      EXPECT_NEAR(tensor.std().item<double>(), 0.01, 0.001);
    } else {  // uniform by the fan-in
      const double bound = std::sqrt(6 / static_cast<double>(tensor[0].numel()));
      EXPECT_LE(largest, 1.000001 * bound) << name;
      EXPECT_GT(largest, 0.9 * bound) << name;
    }
  }
}

TEST(SqueezeNet, ItsHeadIsAConvolution) {
  const NetworkPtr network = squeezenet_of(1000);
  EXPECT_FALSE(network->has_linear_head());
  EXPECT_EQ(network->head()->weight.sizes(), torch::IntArrayRef({1000, 512, 1, 1}));
  network->reset_classifier(2);
  EXPECT_EQ(network->head()->weight.sizes(), torch::IntArrayRef({2, 512, 1, 1}));
  EXPECT_EQ(network->named_parameters()["classifier.1.weight"].sizes(), torch::IntArrayRef({2, 512, 1, 1}));
  fill_with_formula(*network);
  network->eval();
  const torch::NoGradGuard no_gradients;
  const auto maps = formula_tensor("maps", {3, 512, 4, 5});
  const auto expected =
      torch::conv2d(maps, network->head()->weight, network->head()->bias).relu().mean({2, 3});
  EXPECT_TRUE(torch::allclose(network->forward_head(maps), expected, 1e-5, 1e-6));
  EXPECT_EQ(network->forward_head(maps, true).sizes(), torch::IntArrayRef({3, 20, 512}));
  EXPECT_GT(expected.abs().max().item<double>(), 0);
}

TEST(SqueezeNet, ItsHeadIsReadAndReplacedByItsShape) {
  const ModelSpec& spec = find_model("squeezenet1_1");
  const NetworkPtr source = squeezenet_of(5), same = squeezenet_of(5), other = squeezenet_of(2);
  fill_with_formula(*source);
  EXPECT_FALSE(load_state(*same, spec, state_of(*source), "file.pth").head_replaced);
  EXPECT_TRUE(same->head()->weight.equal(source->head()->weight));
  const LoadReport report = load_state(*other, spec, state_of(*source), "file.pth");
  EXPECT_TRUE(report.head_replaced);
  EXPECT_EQ(report.file_classes, 5);
  const LoadedNetwork built = build_from_state(spec, state_of(*source), "file.pth", spec.preprocess);
  EXPECT_TRUE(built.network->head()->weight.equal(source->head()->weight));
}

TEST(SqueezeNet, CannotBeProbed) {
  EXPECT_EQ(error_of([] { check_can_be_probed(*squeezenet_of(2)); }),
            "SqueezeNet: has no linear head, which a probe fits; choose another model");
}

TEST(SqueezeNet, RefusesImagesThatAreTooSmall) {
  EXPECT_EQ(squeezenet_of(2)->forward(torch::zeros({1, 3, 17, 17})).sizes(), torch::IntArrayRef({1, 2}));
  EXPECT_EQ(error_of([] {
              squeezenet_of(2)->forward(torch::zeros({1, 3, 224, 16}));
            }),
            "SqueezeNet: cannot take images of 224 × 16 pixels; give images of at least 17 × 17 pixels");
}

}  // namespace
}  // namespace graft::test
