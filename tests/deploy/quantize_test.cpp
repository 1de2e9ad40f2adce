#include "graft/deploy/quantize.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/deploy/network_graph.h"
#include "graft/deploy/recording.h"
#include "graft/deploy/run_graph.h"
#include "graft/models/load.h"
#include "graft/onnx/model_file.h"
#include "tests/deploy/operator_network.h"
#include "tests/support/tiny_network.h"

namespace graft {
namespace {

using ::testing::ElementsAre;

class Quantize : public ::testing::Test {
 protected:
  Quantize() {
    model_.network->eval();
    graph_ = graph_of(*model_.network, size_);
    statistics_ = statistics_of(graph_);
  }

  static GraphStatistics statistics_of(const OnnxGraph& graph) {
    Calibration calibration(graph, quantized_values(graph, {}));
    calibration.add(trial_images(8, size_));
    return calibration.statistics(1);
  }
  static torch::Tensor logits_of(const OnnxGraph& graph) {
    return GraphRunner(graph).run(trial_images(8, size_));
  }
  static double change(const torch::Tensor& given, const torch::Tensor& expected) {
    return ((given - expected).norm() / expected.norm()).item<double>();
  }

  static constexpr int size_ = 16;
  Model model_ = test::tiny_model({"a", "b", "c"}, 4);
  OnnxGraph graph_;
  GraphStatistics statistics_;
};

TEST_F(Quantize, LogitsHardlyChange) {
  const OnnxGraph quantized = quantize(graph_, statistics_, {});
  EXPECT_LT(change(logits_of(quantized), logits_of(graph_)), 0.03);
  if (can_write_onnx()) {
    EXPECT_NO_THROW(onnx_file(quantized, {"g", "", {}}));
  }
}

TEST_F(Quantize, WeightsHaveAScaleForEachOutput) {
  const OnnxGraph quantized = quantize(graph_, statistics_, {});
  const auto layers = quantizable_layers(graph_);
  ASSERT_EQ(layers.size(), 2U);
  EXPECT_EQ(layer_name(layers.back()), "fc");
  for (const std::string& layer : layers) {
    EXPECT_FALSE(quantized.constants.contains(layer));
    const bool outputs_first = layer == layers.front();  // the head is a product of matrices
    const auto rows = [&](const OnnxTensor& tensor) {
      const torch::Tensor values = to_tensor(tensor.view());
      return outputs_first ? values.flatten(1) : values.t();
    };
    const torch::Tensor weights = rows(graph_.constants.at(layer));
    const torch::Tensor levels = rows(quantized.constants.at(layer + ".int8"));
    const torch::Tensor scales = to_tensor(quantized.constants.at(layer + ".scale").view()).unsqueeze(1);
    EXPECT_EQ(levels.scalar_type(), torch::kInt8);
    EXPECT_TRUE(((levels * scales - weights).abs() <= 0.5001 * scales).all().item<bool>());
    EXPECT_TRUE((levels.abs().amax(1) == 127).all().item<bool>());
  }
}

TEST_F(Quantize, LayersInFloatKeepTheirWeights) {
  const auto layers = quantizable_layers(graph_);
  const OnnxGraph quantized = quantize(graph_, statistics_, {layers.front()});
  EXPECT_TRUE(quantized.constants.contains(layers.front()));
  EXPECT_FALSE(quantized.constants.contains(layers.back()));
  const OnnxGraph in_float = quantize(graph_, statistics_, {layers.begin(), layers.end()});
  EXPECT_EQ(in_float.nodes.size(), graph_.nodes.size());
  EXPECT_EQ(change(logits_of(in_float), logits_of(graph_)), 0);
}

// The mean over pictures of what rounding does to the weights is subtracted from the bias.
TEST_F(Quantize, BiasesCorrectTheMean) {
  torch::manual_seed(3);
  // positive inputs, and weights that are all rounded up
  const torch::Tensor weights = torch::full({3, 3, 1, 1}, 0.6) / 127, bias = torch::rand({3});
  for (std::int64_t c = 0; c < 3; ++c) weights[c][c][0][0] = 1;
  const auto network = test::operator_network(
      [=](const torch::Tensor& images) { return torch::conv2d(images.abs(), weights, bias); });
  const OnnxGraph graph = graph_of(*network, size_);
  const GraphStatistics statistics = statistics_of(graph);
  GraphStatistics without = statistics;
  for (auto& [name, value] : without) value.means.assign(value.means.size(), 0);
  const auto shift = [&](const GraphStatistics& by) {
    return (logits_of(quantize(graph, by, {})) - logits_of(graph)).mean(0).abs().max().item<double>();
  };
  EXPECT_LT(shift(statistics), 0.2 * shift(without));
}

TEST_F(Quantize, SharedWeightsAreRoundedOnce) {
  torch::manual_seed(5);
  const torch::Tensor weights = torch::randn({3, 3, 1, 1});
  const auto network = test::operator_network(
      [=](const torch::Tensor& images) { return torch::conv2d(torch::conv2d(images, weights), weights); });
  const OnnxGraph graph = graph_of(*network, size_);
  const OnnxGraph quantized = quantize(graph, statistics_of(graph), {});
  EXPECT_LT(change(logits_of(quantized), logits_of(graph)), 0.03);
  if (can_write_onnx()) {
    EXPECT_NO_THROW(onnx_file(quantized, {"g", "", {}}));
  }
}

// Sums and poolings of rounded values are rounded too, so that runtimes compute them in integers; a ReLU is
// part of the layer before it.
TEST_F(Quantize, ValuesBetweenLayersAreRounded) {
  torch::manual_seed(6);
  const torch::Tensor weights = torch::randn({3, 3, 1, 1});
  const auto network = test::operator_network([=](const torch::Tensor& images) {
    const torch::Tensor a = torch::relu(torch::conv2d(images, weights));
    return torch::max_pool2d(torch::relu(torch::conv2d(a, weights * 2) + a), 2);
  });
  const OnnxGraph graph = graph_of(*network, size_);
  std::map<std::string, std::string> makers{{"images", "input"}};
  for (const OnnxNode& node : graph.nodes) makers[node.outputs.front()] = node.op;
  std::vector<std::string> rounded;
  for (const std::string& value : quantized_values(graph, {})) rounded.push_back(makers.at(value));
  EXPECT_THAT(rounded,
              ElementsAre("input", "Relu", "Conv", "Relu", "MaxPool", "GlobalAveragePool", "Reshape"));
}

}  // namespace
}  // namespace graft
