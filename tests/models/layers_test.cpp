#include "graft/models/layers.h"

#include <gtest/gtest.h>

namespace graft {
namespace {

void randomise(torch::nn::BatchNorm2d& norm) {
  const torch::NoGradGuard no_gradients;
  norm->weight.uniform_(0.5, 1.5);
  norm->bias.normal_();
  norm->running_mean.normal_();
  norm->running_var.uniform_(0.2, 3);
}

template <class AnyConv>
AnyConv conv_and_norm(const ConvOptions& options, torch::ScalarType dtype) {
  AnyConv conv(options);
  torch::nn::init::kaiming_uniform_(conv->weight);
  torch::nn::BatchNorm2d norm(options.out);
  randomise(norm);
  norm->eval();
  norm->to(dtype);
  conv->to(dtype);
  conv->followed_by(norm);
  return conv;
}

// In both layouts, with and without what may follow.
template <class AnyConv>
void expect_folding_changes_nothing(const ConvOptions& options, torch::ScalarType dtype) {
  const torch::NoGradGuard no_gradients;
  AnyConv conv = conv_and_norm<AnyConv>(options, dtype);
  for (const auto format : {torch::MemoryFormat::Contiguous, torch::MemoryFormat::ChannelsLast}) {
    const auto x = torch::randn({3, options.in, 14, 11}, dtype).contiguous(format);
    for (const Activation activation : {Activation::none, Activation::relu, Activation::relu6}) {
      for (const bool with_shortcut : {false, true}) {
        torch::Tensor shortcut = with_shortcut ? torch::randn_like(conv(x)) : torch::Tensor();
        // 3: so that values reach the ceiling of 6.
        if (with_shortcut) shortcut.mul_(3);
        const torch::Tensor plain = conv(x, activation, shortcut);
        AnyConv once(std::make_shared<typename AnyConv::ContainedType>(*conv));
        once->fold(dtype);
        const torch::Tensor trial = once(x, activation, shortcut);
        once->end_trial();
        const torch::Tensor folded = once(x, activation, shortcut);
        const double largest = plain.abs().max().item<double>();
        EXPECT_LT((plain - folded).abs().max().item<double>(), 1e-5 * largest);
        EXPECT_TRUE(folded.equal(trial));
      }
    }
  }
}

TEST(Conv, FoldingItsBatchNormChangesNothing) {
  torch::manual_seed(3);
  for (const auto dtype : {torch::kFloat32, torch::kFloat64}) {
    expect_folding_changes_nothing<Conv>({.in = 8, .out = 24, .kernel = 3, .stride = 2}, dtype);
    expect_folding_changes_nothing<Conv>({.in = 16, .out = 8}, dtype);
    expect_folding_changes_nothing<Conv>({.in = 32, .out = 32, .kernel = 3, .groups = 4}, dtype);
    expect_folding_changes_nothing<SameConv>({.in = 24, .out = 24, .kernel = 5, .stride = 2, .groups = 24},
                                             dtype);
    expect_folding_changes_nothing<SameConv>({.in = 3, .out = 32, .kernel = 3, .stride = 2}, dtype);
  }
}

TEST(Conv, FoldedTakesBatchesOfOtherSizes) {
  torch::manual_seed(4);
  const torch::NoGradGuard no_gradients;
  Conv conv = conv_and_norm<Conv>({.in = 16, .out = 16, .kernel = 3}, torch::kFloat32);
  const auto large = torch::randn({5, 16, 12, 12}), small = torch::randn({1, 16, 7, 20});
  const auto plain_large = conv(large), plain_small = conv(small);
  conv->fold(torch::kFloat32);
  EXPECT_TRUE(torch::allclose(conv(large), plain_large, 1e-4, 1e-5));
  conv->end_trial();
  EXPECT_TRUE(torch::allclose(conv(large), plain_large, 1e-4, 1e-5));
  EXPECT_TRUE(torch::allclose(conv(small), plain_small, 1e-4, 1e-5));
}

// bfloat16 keeps 8 bits of each value.
TEST(Conv, FoldedInBfloat16RoundsAndNoMore) {
  torch::manual_seed(6);
  const torch::NoGradGuard no_gradients;
  for (const std::int64_t groups : {1, 16}) {
    Conv conv = conv_and_norm<Conv>({.in = 16, .out = 16, .kernel = 3, .groups = groups}, torch::kFloat32);
    const auto x = torch::randn({2, 16, 9, 9}).contiguous(torch::MemoryFormat::ChannelsLast);
    const auto plain = conv(x, Activation::relu, x);
    conv->fold(torch::kBFloat16);
    const auto folded = conv(x, Activation::relu, x.to(torch::kBFloat16));
    EXPECT_EQ(folded.scalar_type(), torch::kBFloat16);
    EXPECT_LT((folded.to(torch::kFloat32) - plain).abs().max().item<double>(),
              0.02 * plain.max().item<double>());
    EXPECT_FALSE(folded.to(torch::kFloat32).equal(plain));
  }
}

}  // namespace
}  // namespace graft
