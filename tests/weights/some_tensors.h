// Tensors of every dtype and of error-prone shapes, for tests of writers.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "graft/weights/state_dict.h"

namespace graft::test {

class SomeTensors {
 public:
  // The views are valid while the object lives.
  std::vector<NamedTensor> tensors() const {
    std::vector<NamedTensor> result;
    const std::span<const std::uint8_t> bytes = memory_;
    for (const DType dtype : {DType::boolean, DType::float32, DType::uint8, DType::int64, DType::float16,
                              DType::int8, DType::bfloat16, DType::float64, DType::int16, DType::int32}) {
      const std::size_t count = dtype == DType::boolean || dtype == DType::uint8 ? 3 : 6;
      const std::vector<std::int64_t> shape =
          count == 3 ? std::vector<std::int64_t>{3} : std::vector<std::int64_t>{2, 3};
      result.push_back(
          {std::string("of.") + to_string(dtype), {dtype, shape, bytes.first(count * bytes_of(dtype))}});
    }
    result.push_back({"scalar", {DType::float32, {}, bytes.first(4)}});
    result.push_back({"empty", {DType::float32, {0, 4}, {}}});
    result.push_back({"five", {DType::uint8, {1, 2, 1, 2, 1}, bytes.first(4)}});
    result.push_back({"Größe", {DType::int16, {1}, bytes.subspan(1, 2)}});  // at an odd address
    return result;
  }

 private:
  std::vector<std::uint8_t> memory_ = [] {
    std::vector<std::uint8_t> bytes(64);
    for (std::size_t i = 0; i < bytes.size(); ++i)
      bytes[i] = static_cast<std::uint8_t>(i % 2);  // valid booleans too
    return bytes;
  }();
};

inline void expect_equal(const std::vector<NamedTensor>& actual, const std::vector<NamedTensor>& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i) {
    EXPECT_EQ(actual[i].name, expected[i].name);
    EXPECT_EQ(actual[i].tensor.dtype, expected[i].tensor.dtype) << actual[i].name;
    EXPECT_EQ(actual[i].tensor.shape, expected[i].tensor.shape) << actual[i].name;
    EXPECT_TRUE(std::ranges::equal(actual[i].tensor.bytes, expected[i].tensor.bytes)) << actual[i].name;
  }
}

}  // namespace graft::test
