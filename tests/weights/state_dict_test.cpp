#include "graft/weights/state_dict.h"

#include <gtest/gtest.h>

namespace graft {
namespace {

TEST(StateDict, EveryDtypeHasASizeAndAName) {
  EXPECT_EQ(bytes_of(DType::float64), 8U);
  EXPECT_EQ(bytes_of(DType::float32), 4U);
  EXPECT_EQ(bytes_of(DType::float16), 2U);
  EXPECT_EQ(bytes_of(DType::bfloat16), 2U);
  EXPECT_EQ(bytes_of(DType::int64), 8U);
  EXPECT_EQ(bytes_of(DType::int32), 4U);
  EXPECT_EQ(bytes_of(DType::int16), 2U);
  EXPECT_EQ(bytes_of(DType::int8), 1U);
  EXPECT_EQ(bytes_of(DType::uint8), 1U);
  EXPECT_EQ(bytes_of(DType::boolean), 1U);
  EXPECT_STREQ(to_string(DType::bfloat16), "bfloat16");
  EXPECT_STREQ(to_string(DType::boolean), "bool");
}

TEST(StateDict, CountMultipliesTheShape) {
  EXPECT_EQ(TensorView().count(), 1);  // a scalar
  EXPECT_EQ((TensorView{DType::float32, {2, 3, 4}, {}}.count()), 24);
  EXPECT_EQ((TensorView{DType::float32, {2, 0, 4}, {}}.count()), 0);
}

TEST(StateDict, FindGivesTheTensorOrNull) {
  StateDict state;
  state.tensors = {{"a", {DType::int64, {}, {}}}, {"b", {DType::float32, {7}, {}}}};
  ASSERT_NE(state.find("b"), nullptr);
  EXPECT_EQ(state.find("b")->shape, (std::vector<std::int64_t>{7}));
  EXPECT_EQ(state.find("c"), nullptr);
}

}  // namespace
}  // namespace graft
