#include "graft/deploy/network_graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "graft/core/error.h"
#include "graft/deploy/recording.h"
#include "graft/deploy/run_graph.h"
#include "graft/models/registry.h"
#include "graft/onnx/model_file.h"
#include "tests/deploy/operator_network.h"
#include "tests/support/error_of.h"
#include "tests/support/formula.h"

namespace graft {
namespace {

using test::operator_network;
using ::testing::HasSubstr;
using ::testing::Not;

std::size_t count_of(const OnnxGraph& graph, const std::string& op) {
  return static_cast<std::size_t>(std::count_if(graph.nodes.begin(), graph.nodes.end(),
                                                [&](const OnnxNode& node) { return node.op == op; }));
}

// The graph gives the network's logits for other numbers of images than those recorded, and is a valid file.
void expect_same_logits(Network& network, const OnnxGraph& graph, int size) {
  const torch::NoGradGuard no_gradients;
  const GraphRunner runner(graph);
  for (const std::int64_t count : {1, 5}) {
    const torch::Tensor images = trial_images(count, size), expected = network.forward(images);
    const torch::Tensor given = runner.run(images);
    ASSERT_EQ(given.sizes(), expected.sizes());
    EXPECT_LE((given - expected).abs().max().item<double>(), 1e-4 * expected.abs().max().item<double>())
        << count << " images";
  }
  if (can_write_onnx()) {
    EXPECT_NO_THROW(onnx_file(graph, {"network", "", {}}));
  }
}

// The smallest network of each family; all with GRAFT_LARGE_NETWORKS.
std::vector<std::string> exported_names() {
  std::map<std::string, const ModelSpec*> smallest;
  std::vector<std::string> names;
  for (const ModelSpec& spec : model_registry()) {
    names.push_back(spec.name);
    const ModelSpec*& least = smallest[spec.family];
    if (least == nullptr || spec.parameters < least->parameters) least = &spec;
  }
  if (std::getenv("GRAFT_LARGE_NETWORKS") != nullptr) return names;
  names.clear();
  for (const auto& [family, spec] : smallest) names.push_back(spec->name);
  return names;
}

class NetworkGraph : public testing::TestWithParam<std::string> {};

TEST_P(NetworkGraph, GivesTheLogits) {
  const ModelSpec& spec = find_model(GetParam());
  const NetworkPtr network = spec.build({7, Init::none});
  test::fill_with_formula(*network);
  network->eval();
  const OnnxGraph graph = graph_of(*network, spec.preprocess.crop);
  expect_same_logits(*network, graph, spec.preprocess.crop);
}

const std::vector<std::string> names_of_exports = exported_names();
INSTANTIATE_TEST_SUITE_P(Each, NetworkGraph, testing::ValuesIn(names_of_exports),
                         [](const auto& each) { return each.param; });

TEST(NetworkGraphForm, IsThatOfInference) {
  const NetworkPtr resnet = find_model("resnet18").build({7, Init::none});
  test::fill_with_formula(*resnet);
  resnet->eval();
  const OnnxGraph graph = graph_of(*resnet, 64);
  EXPECT_EQ(count_of(graph, "Conv"), 20U);
  EXPECT_EQ(count_of(graph, "BatchNormalization"), 0U);
  EXPECT_TRUE(graph.constants.contains("conv1.weight.folded"));
  EXPECT_EQ(graph.inputs.front().shape, (std::vector<std::int64_t>{-1, 3, 64, 64}));
  EXPECT_EQ(graph.outputs.front().shape, (std::vector<std::int64_t>{-1, 7}));
  const NetworkPtr lite = find_model("efficientnet_lite0").build({7, Init::none});
  test::fill_with_formula(*lite);
  lite->eval();
  EXPECT_EQ(count_of(graph_of(*lite, 64), "Pad"), 0U) << "asymmetric padding is the convolution's";
}

// Operators that networks of a program may use, each with its ONNX form.
TEST(NetworkGraphOperators, OfACustomNetworkAreExported) {
  using Tensor = torch::Tensor;
  const std::vector<std::pair<const char*, test::OperatorNetwork::Function>> functions = {
      {"arithmetic",
       [](const Tensor& x) { return (x.abs() + 1).log() - x.exp() / (x * x + 2).sqrt() + x.neg() * 3; }},
      {"clamp",
       [](const Tensor& x) {
         return x.clamp(-0.5, 1) + x.clamp_min(0.25) + x.clamp_max(0.75) + x.clamp(-1);
       }},
      {"activations",
       [](const Tensor& x) {
         return torch::leaky_relu(x, 0.2) + torch::elu(x) + torch::hardsigmoid(x) + torch::gelu(x, "tanh");
       }},
      {"pool",
       [](const Tensor& x) {
         return torch::adaptive_avg_pool2d(torch::max_pool2d(x, 3, 2, 1), {1, 1});
       }},
      {"adaptive",
       [](const Tensor& x) {
         return torch::adaptive_avg_pool2d(x, {4, 8}) *
                torch::adaptive_avg_pool2d(x, {3, 5}).mean({2, 3}, true);
       }},
      {"average",
       [](const Tensor& x) {
         return torch::avg_pool2d(x, 3, 2, 1, /*ceil_mode=*/false, /*count_include_pad=*/false);
       }},
      {"pieces",
       [](const Tensor& x) {
         const auto parts = x.chunk(3, 1);
         return torch::stack({parts[2], parts[0], parts[1]}, 1).squeeze(2).flip(3).roll({1, -2}, {2, 3});
       }},
      {"softmax", [](const Tensor& x) { return x.softmax(1).pow(2).unsqueeze(0).squeeze(0).contiguous(); }},
      {"class token",
       [](const Tensor& x) {
         const Tensor tokens = x.flatten(2).transpose(1, 2);
         return torch::cat({torch::ones({1, 1, 3}).expand({x.size(0), -1, -1}), tokens}, 1)
             .transpose(1, 2)
             .unsqueeze(3);
       }},
      {"windows",
       [](const Tensor& x) {
         const Tensor mask = torch::eye(4).view({1, 1, 4, 4}).repeat({x.size(0), 1, 2, 2});
         return (x + mask).view({x.size(0) * 2, -1}).view_as(x);
       }},
  };
  for (const auto& [name, function] : functions) {
    SCOPED_TRACE(name);
    const auto network = operator_network(function);
    expect_same_logits(*network, graph_of(*network, 8), 8);
  }
}

TEST(NetworkGraphOperators, WithoutAnOnnxFormAreNamed) {
  const auto refusal = [](const test::OperatorNetwork::Function& function) {
    return test::error_of([&] { graph_of(*operator_network(function), 8); });
  };
  EXPECT_THAT(refusal([](const torch::Tensor& x) { return torch::cumsum(x, 2); }),
              HasSubstr("calls the operator cumsum, which has no ONNX form here; export safetensors or pth"));
  EXPECT_THAT(refusal([](const torch::Tensor& x) {
                return torch::norm(x, 1, {2, 3}, true);
              }),
              HasSubstr("calls the operator norm.ScalarOpt_dim of an order other than 2"));
}

}  // namespace
}  // namespace graft
