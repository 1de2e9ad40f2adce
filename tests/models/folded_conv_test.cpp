#include "graft/models/folded_conv.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>

namespace graft {
namespace {

using torch::Tensor;

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

struct Kind {
  std::int64_t in, out, kernel, stride, groups;
};
constexpr Kind kinds[] = {{3, 16, 7, 2, 1},  {16, 32, 3, 1, 1},  {32, 32, 1, 1, 1},
                          {32, 32, 3, 1, 4}, {32, 32, 3, 1, 32}, {24, 24, 5, 2, 24}};

struct Random {
  Tensor x, weight, bias;

  explicit Random(const Kind& kind, torch::ScalarType dtype = torch::kFloat32)
      : x(torch::randn({3, kind.in, 20, 17}).to(dtype).contiguous(torch::MemoryFormat::ChannelsLast)),
        weight(torch::randn({kind.out, kind.in / kind.groups, kind.kernel, kind.kernel}).to(dtype)),
        bias(torch::randn({kind.out}).to(dtype)) {}
  FoldedConv conv(const Kind& kind) const { return {weight, bias, kind.stride, kind.groups}; }
  Tensor shortcut_of(const Kind& kind) const {
    const std::int64_t pad = kind.kernel / 2;
    return torch::randn_like(torch::conv2d(x, weight, {}, kind.stride, pad, 1, kind.groups)).mul_(3);
  }
};

// The first batch is computed with the activation apart, later ones fused.
TEST(FoldedConv, FusedAndApartAreTheSameBits) {
  torch::manual_seed(5);
  for (const auto dtype : {torch::kFloat32, torch::kBFloat16}) {
    for (const Kind& kind : kinds) {
      const Random random(kind, dtype);
      const std::array padding = {kind.kernel / 2, kind.kernel / 2};
      const Tensor shortcut = random.shortcut_of(kind);
      for (const Activation activation : {Activation::none, Activation::relu, Activation::relu6}) {
        for (const Tensor& added : {Tensor(), shortcut}) {
          FoldedConv conv = random.conv(kind);
          const Tensor first = conv(random.x, padding, activation, added).clone();
          EXPECT_TRUE(conv(random.x, padding, activation, added).equal(first))
              << dtype << " " << kind.kernel << " " << kind.groups;
        }
      }
    }
  }
}

// oneDNN's fused activations make 0 of it.
TEST(FoldedConv, NotANumberStaysOne) {
  torch::manual_seed(6);
  for (const auto dtype : {torch::kFloat32, torch::kBFloat16}) {
    for (const Kind& kind : kinds) {
      Random random(kind, dtype);
      random.weight[1].fill_(nan);
      const std::array padding = {kind.kernel / 2, kind.kernel / 2};
      const Tensor shortcut = random.shortcut_of(kind);
      for (const Activation activation : {Activation::relu, Activation::relu6}) {
        for (const Tensor& added : {Tensor(), shortcut}) {
          FoldedConv conv = random.conv(kind);
          for (int batch = 0; batch < 3; ++batch) {
            const Tensor y = conv(random.x, padding, activation, added);
            EXPECT_TRUE(y.select(1, 1).isnan().all().item<bool>());
            EXPECT_TRUE(y.select(1, 0).isfinite().all().item<bool>());
          }
        }
      }
    }
  }
}

// Of two channels with weights w and −w: inf − inf where they overflow.
Tensor difference(FoldedConv& conv, double value) {
  return conv(torch::full({1, 2, 4, 4}, value), std::array<std::int64_t, 2>{0, 0}, Activation::relu, {});
}

FoldedConv difference_conv(double weight) {
  return {torch::tensor({weight, -weight}, torch::kFloat32).reshape({1, 2, 1, 1}), torch::zeros({1}), 1, 1};
}

TEST(FoldedConv, AnOverflowOfALaterBatchShowsWhereWeightsAreLarge) {
  FoldedConv conv = difference_conv(1e38);
  EXPECT_EQ(difference(conv, 0).sum().item<float>(), 0);  // nothing to see in the first
  EXPECT_TRUE(difference(conv, 100).isnan().all().item<bool>());
  EXPECT_EQ(difference(conv, 0).sum().item<float>(), 0);
}

TEST(FoldedConv, AnOverflowOfALaterBatchShowsWhereOutputsWereLarge) {
  FoldedConv conv(torch::tensor({100.F, -1.F}).reshape({1, 2, 1, 1}), torch::zeros({1}), 1, 1);
  EXPECT_GT(difference(conv, 1e30).sum().item<float>(), 1e31);
  FoldedConv other(torch::tensor({100.F, -100.F, 1.F}).reshape({1, 3, 1, 1}), torch::zeros({1}), 1, 1);
  const auto answer = [&](double value) {
    const Tensor x = torch::full({1, 3, 4, 4}, value);
    return other(x, std::array<std::int64_t, 2>{0, 0}, Activation::relu6, {});
  };
  EXPECT_EQ(answer(1e20).max().item<float>(), 6);
  EXPECT_TRUE(answer(3e38).isnan().all().item<bool>());
}

}  // namespace
}  // namespace graft
