#include "graft/models/folded_conv.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <utility>

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

// Activations for which oneDNN's formula rounds differently.
double rounding(Activation activation, torch::ScalarType dtype) {
  if (activation <= Activation::relu6) return 0;
  return dtype == torch::kFloat32 ? 1e-6 : 0.02;
}

// After a trial with large inputs the activation is computed separately.
TEST(FoldedConv, FusedAndSeparateActivationsHaveTheSameBits) {
  torch::manual_seed(5);
  for (const auto dtype : {torch::kFloat32, torch::kBFloat16}) {
    for (const Kind& kind : kinds) {
      const Random random(kind, dtype);
      const std::int64_t pad = kind.kernel / 2;
      const Padding padding{pad, pad, pad, pad};
      const Tensor shortcut = random.shortcut_of(kind);
      for (const Activation activation :
           {Activation::none, Activation::relu, Activation::relu6, Activation::hardswish, Activation::silu,
            Activation::gelu, Activation::gelu_tanh, Activation::quick_gelu}) {
        for (const Tensor& added : {Tensor(), shortcut}) {
          FoldedConv fusing = random.conv(kind), separating = random.conv(kind);
          const Tensor plain = fusing(random.x, padding, activation, added);
          separating.prepare(random.x * 1e19, padding, activation, added);
          const Tensor separate = separating(random.x, padding, activation, added);
          EXPECT_TRUE(torch::allclose(separate, plain, 1e-2, dtype == torch::kFloat32 ? 1e-4 : 0.5));
          const Tensor first = fusing.prepare(random.x, padding, activation, added);
          const Tensor fused = fusing(random.x, padding, activation, added);
          EXPECT_TRUE(torch::equal(first, fused));
          EXPECT_LE((fused - separate).abs().max().item<double>(),
                    rounding(activation, dtype) * separate.abs().max().item<double>())
              << dtype << " " << kind.kernel << " " << kind.groups;
        }
      }
    }
  }
}

TEST(FoldedConv, TakesOtherShapesLayoutsAndAShortcutAfterATrialWithoutOne) {
  torch::manual_seed(7);
  const Kind kind{32, 24, 1, 1, 1};
  const Random random(kind);
  for (const Activation activation : {Activation::none, Activation::relu, Activation::hardswish}) {
    FoldedConv plain = random.conv(kind), conv = random.conv(kind);
    conv.prepare(random.x, Padding(), activation, {});
    for (const Tensor& x : {random.x, torch::randn({1, 32, 1, 1}), torch::randn({2, 32, 5, 7})}) {
      const Tensor shortcut = torch::randn({x.size(0), 24, x.size(2), x.size(3)});
      for (const Tensor& added : {Tensor(), shortcut}) {
        const Padding padding;
        const Tensor expected = plain(x, padding, activation, added), y = conv(x, padding, activation, added);
        EXPECT_EQ(y.sizes(), expected.sizes());
        EXPECT_TRUE(torch::allclose(y, expected, 1e-4, 1e-4)) << x.sizes();
      }
    }
  }
}

// A network may call a layer several times: each is a trial, and one with large inputs decides for all.
TEST(FoldedConv, TakesSeveralTrials) {
  torch::manual_seed(8);
  const Kind kind{32, 24, 3, 1, 1};
  const Random random(kind);
  const Padding padding{1, 1, 1, 1};
  const FoldedConv plain = random.conv(kind);
  FoldedConv conv = random.conv(kind);
  for (const Tensor& x : {random.x, torch::randn({2, 32, 5, 7}), random.x * 1e19, random.x}) {
    const Tensor expected = plain(x, padding, Activation::relu, {});
    EXPECT_TRUE(torch::allclose(conv.prepare(x, padding, Activation::relu, {}), expected, 1e-4, 1e-4));
    EXPECT_TRUE(torch::allclose(conv(x, padding, Activation::relu, {}), expected, 1e-4, 1e-4));
  }
  EXPECT_TRUE(
      conv(torch::full_like(random.x, nan), padding, Activation::relu, {}).isnan().all().item<bool>());
}

// oneDNN's fused activations turn NaN into 0.
TEST(FoldedConv, NaNStaysNaN) {
  torch::manual_seed(6);
  for (const auto dtype : {torch::kFloat32, torch::kBFloat16}) {
    for (const Kind& kind : kinds) {
      Random random(kind, dtype);
      random.weight[1].fill_(nan);
      const std::int64_t pad = kind.kernel / 2;
      const Padding padding{pad, pad, pad, pad};
      const Tensor shortcut = random.shortcut_of(kind);
      for (const Activation activation : {Activation::relu, Activation::relu6, Activation::hardswish,
                                          Activation::silu, Activation::gelu, Activation::gelu_tanh}) {
        for (const Tensor& added : {Tensor(), shortcut}) {
          FoldedConv conv = random.conv(kind);
          for (int batch = 0; batch < 3; ++batch) {
            const Tensor y = batch == 0 ? conv.prepare(random.x, padding, activation, added)
                                        : conv(random.x, padding, activation, added);
            EXPECT_TRUE(y.select(1, 1).isnan().all().item<bool>());
            EXPECT_TRUE(y.select(1, 0).isfinite().all().item<bool>());
          }
        }
      }
    }
  }
}

constexpr Padding no_padding;

// The output of a 1×1 convolution of one channel for a constant image.
Tensor answer(const FoldedConv& conv, float value) {
  return conv(torch::full({1, 1, 4, 4}, value), no_padding, Activation::relu, {});
}
Tensor trial(FoldedConv& conv, float value) {
  return conv.prepare(torch::full({1, 1, 4, 4}, value), no_padding, Activation::relu, {});
}

FoldedConv scaling(float weight, float bias = 0) {
  return {torch::full({1, 1, 1, 1}, weight), torch::full({1}, bias), 1, 1};
}

TEST(FoldedConv, LargeWeightsAreNeverFusedWhateverTheTrial) {
  for (const auto& [weight, bias] : {std::pair(1e10F, 0.F), std::pair(1.F, -1e10F)}) {
    FoldedConv conv = scaling(weight, bias);
    EXPECT_TRUE(trial(conv, 0).eq(0).all().item<bool>());
    EXPECT_TRUE(answer(conv, nan).isnan().all().item<bool>());
  }
}

TEST(FoldedConv, LargeTrialInputsAreNeverFused) {
  FoldedConv conv = scaling(3);
  EXPECT_GT(trial(conv, 1e20F).min().item<float>(), 1e20F);
  EXPECT_TRUE(answer(conv, 2).eq(6).all().item<bool>());
  EXPECT_TRUE(answer(conv, nan).isnan().all().item<bool>());
}

TEST(FoldedConv, LargeTrialShortcutsAreNeverFused) {
  FoldedConv conv = scaling(3);
  const Tensor x = torch::full({1, 1, 4, 4}, 2.F);
  const auto with_shortcut = [&](float value) { return torch::full({1, 1, 4, 4}, value); };
  conv.prepare(x, no_padding, Activation::relu, with_shortcut(1e20F));
  EXPECT_TRUE(conv(x, no_padding, Activation::relu, with_shortcut(1)).eq(7).all().item<bool>());
  EXPECT_TRUE(conv(x, no_padding, Activation::relu, with_shortcut(nan)).isnan().all().item<bool>());
}

}  // namespace
}  // namespace graft
