#include "graft/onnx/model_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/error_of.h"

namespace graft {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

OnnxGraph sum_of_two() {
  OnnxGraph graph{
      {{"Add", {"x", "c"}, {"y"}}}, {}, {{"x", DType::float32, {-1, 2}}}, {{"y", DType::float32, {-1, 2}}}};
  graph.constants = {{"c", float_tensor({2}, {1, 2})}};
  return graph;
}

class OnnxFile : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!can_write_onnx()) GTEST_SKIP() << "built without ONNX's libraries";
  }
};

TEST_F(OnnxFile, NamesItsProducerFirstAndHoldsTheMetadata) {
  const std::string file =
      onnx_file(sum_of_two(), {"sum", "adds two numbers", {{"classes", "[\"a\",\"b\"]"}}});
  EXPECT_THAT(file, StartsWith("\x08\x08\x12\x05graft"));  // IR version 8, producer
  EXPECT_THAT(file, HasSubstr("[\"a\",\"b\"]"));
  EXPECT_THAT(file, HasSubstr("adds two numbers"));
  EXPECT_THAT(file, HasSubstr("batch"));
}

TEST_F(OnnxFile, FaultsOfTheGraphAreFoundByOnnxsChecks) {
  const auto refusal = [](const OnnxGraph& graph) {
    return test::error_of([&] { onnx_file(graph, {"g", "", {}}); });
  };
  OnnxGraph unknown = sum_of_two();
  unknown.nodes.front().op = "Addition";
  EXPECT_THAT(refusal(unknown), HasSubstr("does not pass ONNX's checks"));
  OnnxGraph missing = sum_of_two();
  missing.nodes.front().inputs[1] = "d";
  EXPECT_THAT(refusal(missing), HasSubstr("does not pass ONNX's checks"));
  OnnxGraph other_shape = sum_of_two();
  other_shape.constants["c"] = float_tensor({3}, {1, 2, 3});
  EXPECT_THAT(refusal(other_shape), HasSubstr("does not pass ONNX's checks"));
}

TEST(OnnxFileWithoutLibraries, IsAnErrorThatNamesThem) {
  if (can_write_onnx()) GTEST_SKIP() << "built with ONNX's libraries";
  EXPECT_THAT(test::error_of([] { onnx_file({}, {}); }), HasSubstr("install libonnx-dev"));
}

}  // namespace
}  // namespace graft
