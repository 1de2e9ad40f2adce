#include "graft/deploy/deployed_graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/core/error.h"
#include "graft/deploy/network_graph.h"
#include "graft/deploy/recording.h"
#include "graft/deploy/run_graph.h"
#include "graft/infer/inference_model.h"
#include "graft/onnx/model_file.h"
#include "tests/support/error_of.h"
#include "tests/support/tiny_network.h"

namespace graft {
namespace {

using ::testing::HasSubstr;

class DeployedGraph : public ::testing::Test {
 protected:
  DeployedGraph() {
    model_.network->eval();
    model_.preprocess.mean = {0.1F, 0.2F, 0.3F};
    model_.preprocess.std = {0.5F, 0.25F, 2.0F};
    graph_ = graph_of(*model_.network, size_);
    Image picture(size_, size_);
    for (int y = 0; y < size_; ++y) {
      for (std::size_t x = 0; x < picture.stride(); ++x)
        picture.row(y)[x] = static_cast<std::uint8_t>(37 * y + 11 * x);
    }
    pixels_ = torch::from_blob(picture.row(0), {1, size_, size_, 3}, torch::kUInt8).clone();
    logits_ = model_.network->forward(images_of(picture.view(), model_.preprocess)).detach();
  }

  Model model_ = test::tiny_model({"a", "b", "c"}, 4);
  const int size_ = model_.preprocess.crop;
  OnnxGraph graph_;
  torch::Tensor pixels_, logits_;
};

TEST_F(DeployedGraph, WithPreprocessTakesPixelsAndGivesProbabilities) {
  for (const auto& [kind, name, expected] :
       {std::tuple(LabelKind::single, "probabilities", logits_.softmax(1)),
        {LabelKind::multi, "probabilities", logits_.sigmoid()},
        {LabelKind::number, "numbers", logits_ * 3 + 100}}) {
    OnnxGraph graph = graph_;
    if (kind == LabelKind::number) add_scale(graph, 100, 3);
    add_preprocess(graph, model_.preprocess, kind);
    EXPECT_EQ(graph.inputs.front().shape, (std::vector<std::int64_t>{-1, size_, size_, 3}));
    EXPECT_EQ(graph.inputs.front().dtype, DType::uint8);
    EXPECT_EQ(graph.outputs.front().name, name);
    EXPECT_TRUE(torch::allclose(GraphRunner(graph).run(pixels_), expected, 1e-5, 1e-5)) << name;
    if (can_write_onnx()) {
      EXPECT_NO_THROW(onnx_file(graph, {"g", "", {}}));
    }
  }
}

TEST_F(DeployedGraph, HalfKeepsTheTypesOfInputAndOutput) {
  convert_to_half(graph_, size_);
  for (const auto& [name, constant] : graph_.constants) EXPECT_NE(constant.dtype, DType::float32) << name;
  // numbers of any size: their scale is not in float16
  add_scale(graph_, 1e-7, 1e-9);
  add_preprocess(graph_, model_.preprocess, LabelKind::number);
  const torch::Tensor given = GraphRunner(graph_).run(pixels_);
  EXPECT_EQ(given.scalar_type(), torch::kFloat32);
  EXPECT_TRUE(torch::allclose((given - 1e-7) / 1e-9, logits_, 1e-2, 2e-2));
  if (can_write_onnx()) {
    EXPECT_NO_THROW(onnx_file(graph_, {"g", "", {}}));
  }
}

TEST_F(DeployedGraph, HalfRefusesValuesThatOverflow) {
  for (auto& [name, constant] : graph_.constants) {
    if (constant.dtype == DType::float32)
      constant = float_tensor(constant.shape, std::vector<double>(constant.bytes.size() / 4, 3000));
  }
  EXPECT_THAT(test::error_of([&] { convert_to_half(graph_, size_); }),
              HasSubstr("is not exact enough in float16"));
}

TEST_F(DeployedGraph, HalfRefusesWeightsBeyondItsRange) {
  graph_.constants.at("fc.bias") = float_tensor({3}, {1e6, 0, 0});
  EXPECT_THAT(test::error_of([&] { convert_to_half(graph_, size_); }),
              HasSubstr("beyond the range of float16"));
}

// Logits that are small differences of large products have the rounding of the products.
TEST_F(DeployedGraph, CancellingProductsOfTheHeadAreNotAFault) {
  const torch::NoGradGuard no_gradients;
  const auto head = model_.network->head();
  const torch::Tensor features = model_.network->features(trial_images(1, size_))[0];
  head->weight.fill_(1000 / features.abs().mean().item<float>());
  head->bias.copy_(-torch::matmul(head->weight, features));
  const OnnxGraph graph = graph_of(*model_.network, size_);
  EXPECT_NO_THROW(check_graph(graph, *model_.network, size_));
}

TEST_F(DeployedGraph, AGraphThatComputesSomethingElseIsRefused) {
  EXPECT_NO_THROW(check_graph(graph_, *model_.network, size_));
  for (auto& [name, constant] : graph_.constants) {
    if (constant.dtype == DType::float32 && constant.bytes.size() > 64) constant.bytes[3] ^= 0x80U;
  }
  EXPECT_THAT(test::error_of([&] { check_graph(graph_, *model_.network, size_); }),
              HasSubstr("differs from the network"));
}

}  // namespace
}  // namespace graft
