#include "graft/train/resize_weights.h"

#include <gtest/gtest.h>

#include <cmath>

#include "graft/image/filter_taps.h"

namespace graft {
namespace {

struct Axis {
  double start, extent;
  int outputs;
};

// The image stage's weights as a dense matrix: outputs×inputs.
torch::Tensor dense(const Axis& axis, std::int64_t inputs, Interpolation interpolation) {
  const FilterTaps taps =
      filter_taps({axis.start, axis.extent, axis.outputs, 0, axis.outputs}, interpolation);
  torch::Tensor weights = torch::zeros({axis.outputs, inputs});
  for (int i = 0; i < axis.outputs; ++i) {
    for (int t = 0; t < taps.count[static_cast<std::size_t>(i)]; ++t) {
      weights[i][taps.first[static_cast<std::size_t>(i)] + t] =
          static_cast<double>(taps.weights_of(i)[t]) / (1 << weight_bits);
    }
  }
  return weights;
}

AxisBatch batch_of(const std::vector<Axis>& axes) {
  std::vector<float> start, extent;
  std::vector<std::int64_t> used;
  for (const Axis& axis : axes) {
    start.push_back(static_cast<float>(axis.start));
    extent.push_back(static_cast<float>(axis.extent));
    used.push_back(static_cast<std::int64_t>(std::ceil(axis.start + axis.extent)));
  }
  return {torch::tensor(start), torch::tensor(extent), torch::tensor(used), {}};
}

TEST(ResizeWeights, AreThoseOfPillow) {
  // Smaller, larger, the same size, a single pixel, and boxes with edges between pixels.
  const std::vector<Axis> axes = {{0, 61, 24}, {0, 7, 24},       {0, 24, 24},
                                  {0, 1, 24},  {0.5, 40.25, 24}, {0.9, 3.2, 24}};
  for (const auto interpolation : {Interpolation::bilinear, Interpolation::bicubic}) {
    const torch::Tensor weights = resize_weights(batch_of(axes), 24, 64, interpolation);
    ASSERT_EQ(weights.sizes(), (std::vector<std::int64_t>{6, 24, 64}));
    for (std::size_t i = 0; i < axes.size(); ++i) {
      const torch::Tensor apart =
          (weights[static_cast<std::int64_t>(i)] - dense(axes[i], 64, interpolation)).abs().max();
      EXPECT_LT(apart.item<double>(), 2e-5) << to_string(interpolation) << " " << i;
    }
  }
}

TEST(ResizeWeights, MirroredOutputsRunBackward) {
  AxisBatch axis = batch_of({{0.25, 30, 8}, {0.25, 30, 8}});
  axis.mirrored = torch::tensor({0.0F, 1.0F});
  const torch::Tensor weights = resize_weights(axis, 8, 31, Interpolation::bicubic);
  EXPECT_TRUE(torch::allclose(weights[0].flip(0), weights[1]));
}

}  // namespace
}  // namespace graft
