#include "graft/kernels/linear_gradient.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <random>
#include <tuple>
#include <vector>

namespace graft {
namespace {

std::vector<float> normal_values(std::int64_t count, unsigned seed) {
  std::mt19937 engine(seed);
  std::normal_distribution<float> normal;
  std::vector<float> values(static_cast<std::size_t>(count));
  for (float& each : values) each = normal(engine);
  return values;
}

TEST(LinearGradient, HasTheValuesOfItsDefinition) {
  for (const auto& [rows, in, out] : {std::tuple<std::int64_t, std::int64_t, std::int64_t>{1, 1, 1},
                                      {5, 3, 7},
                                      {100, 64, 48},
                                      {33, 17, 65}}) {
    const auto x = normal_values(rows * in, 1), of_y = normal_values(rows * out, 2);
    std::vector<float> of_weight(static_cast<std::size_t>(in * out), NAN),
        of_bias(static_cast<std::size_t>(out), NAN);
    if (!linear_gradient(rows, in, out, x.data(), of_y.data(), of_weight.data(), of_bias.data()))
      GTEST_SKIP() << "built without oneDNN";
    std::vector<float> alone(of_weight.size(), NAN);
    linear_gradient(rows, in, out, x.data(), of_y.data(), alone.data(), nullptr);
    EXPECT_EQ(alone, of_weight);
    const auto at = [](const std::vector<float>& values, std::int64_t width, std::int64_t row,
                       std::int64_t column) {
      return static_cast<double>(values[static_cast<std::size_t>(row * width + column)]);
    };
    for (std::int64_t o = 0; o < out; ++o) {
      double bias = 0;
      for (std::int64_t row = 0; row < rows; ++row) bias += at(of_y, out, row, o);
      EXPECT_NEAR(at(of_bias, 1, o, 0), bias, 1e-4);
      for (std::int64_t i = 0; i < in; ++i) {
        double weight = 0;
        for (std::int64_t row = 0; row < rows; ++row) weight += at(of_y, out, row, o) * at(x, in, row, i);
        EXPECT_NEAR(at(of_weight, in, o, i), weight, 1e-4);
      }
    }
  }
}

}  // namespace
}  // namespace graft
