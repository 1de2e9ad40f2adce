#include "graft/onnx/graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/core/error.h"

namespace graft {
namespace {

using ::testing::ElementsAre;

TEST(OnnxGraph, ConstantsKeepTheirValues) {
  const OnnxTensor floats = float_tensor({2, 1}, {0.5, -3});
  EXPECT_THAT(values_of(floats), ElementsAre(0.5, -3));
  EXPECT_THAT(floats.view().shape, ElementsAre(2, 1));
  const OnnxTensor integers = integer_tensor({7, -1});
  EXPECT_THAT(integers_of(integers), ElementsAre(7, -1));
  EXPECT_THAT(values_of(integers), ElementsAre(7, -1));
  EXPECT_THROW(values_of({DType::float16, {1}, {0, 0}}), Error);
}

TEST(OnnxGraph, UsesAreCountedAndUnusedConstantsDropped) {
  OnnxGraph graph{{{"Add", {"x", "c"}, {"y"}}, {"Mul", {"y", "y"}, {"z"}}}, {}, {{"x"}}, {{"z"}}};
  graph.constants = {{"c", float_tensor({}, {1})}, {"unused", float_tensor({}, {2})}};
  const auto uses = uses_of(graph);
  EXPECT_EQ(uses.at("y"), 2U);
  EXPECT_EQ(uses.at("z"), 1U);
  drop_unused_constants(graph);
  EXPECT_EQ(graph.constants.size(), 1U);
  EXPECT_TRUE(graph.constants.contains("c"));
}

}  // namespace
}  // namespace graft
