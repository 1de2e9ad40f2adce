#include "graft/deploy/fold_graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/deploy/run_graph.h"

namespace graft {
namespace {

using Integers = std::vector<std::int64_t>;

// x → Pad → Conv → BatchNormalization → y
OnnxGraph padded_convolution() {
  OnnxGraph graph;
  graph.nodes = {
      {"Pad", {"x", "pads"}, {"padded"}, {{"mode", std::string("constant")}}},
      {"Conv",
       {"padded", "kernel"},
       {"maps"},
       {{"kernel_shape", Integers{3, 3}}, {"pads", Integers{1, 0, 1, 0}}}},
      {"BatchNormalization", {"maps", "scale", "shift", "mean", "variance"}, {"y"}, {{"epsilon", 0.1}}}};
  graph.constants = {
      {"pads", integer_tensor({0, 0, 0, 0, 0, 0, 1, 2})},
      {"kernel", float_tensor({2, 1, 3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9, -1, 0, 1, 2, 0, -2, 1, 1, 1})},
      {"scale", float_tensor({2}, {2, 0.5})},
      {"shift", float_tensor({2}, {1, -1})},
      {"mean", float_tensor({2}, {3, -4})},
      {"variance", float_tensor({2}, {0.5, 2})}};
  graph.inputs = {{"x", DType::float32, {-1, 1, 4, 5}}};
  graph.outputs = {{"y", DType::float32, {-1, 2, 5, 5}}};
  return graph;
}

TEST(FoldGraph, JoinsPaddingAndBatchNormWithTheConvolution) {
  OnnxGraph graph = padded_convolution();
  const torch::Tensor images = torch::arange(40, torch::kFloat32).view({2, 1, 4, 5}) / 10;
  const torch::Tensor before = GraphRunner(graph).run(images);
  fold(graph);
  ASSERT_EQ(graph.nodes.size(), 1U);
  EXPECT_EQ(graph.nodes[0].op, "Conv");
  EXPECT_EQ(attribute_of(graph.nodes[0], "pads", Integers{}), (Integers{1, 0, 2, 2}));
  EXPECT_EQ(graph.constants.size(), 2U) << "the kernel and the bias";
  EXPECT_TRUE(torch::allclose(GraphRunner(graph).run(images), before, 1e-5, 1e-5));
}

// Values that are used elsewhere too, and a padding with another value, stay.
TEST(FoldGraph, LeavesWhatCannotBeJoined) {
  OnnxGraph shared = padded_convolution();
  shared.nodes.push_back({"Add", {"y", "maps"}, {"sum"}});
  shared.outputs.front().name = "sum";
  fold(shared);
  EXPECT_EQ(shared.nodes.size(), 3U);
  OnnxGraph ones = padded_convolution();
  ones.nodes.front().inputs.push_back("one");
  ones.constants["one"] = float_tensor({}, {1});
  fold(ones);
  EXPECT_EQ(ones.nodes.size(), 2U);
  EXPECT_EQ(ones.nodes.front().op, "Pad");
}

}  // namespace
}  // namespace graft
