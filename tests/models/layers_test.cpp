#include "graft/models/layers.h"

#include <gtest/gtest.h>
#include <torch/autograd.h>

#include <cmath>
#include <string>
#include <vector>

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
  if (options.bias) torch::nn::init::normal_(conv->bias);
  torch::nn::BatchNorm2d norm(options.out);
  randomise(norm);
  norm->eval();
  norm->to(dtype);
  conv->to(dtype);
  conv->followed_by(norm);
  return conv;
}

constexpr Activation all_activations[] = {Activation::none,      Activation::relu,      Activation::relu6,
                                          Activation::hardswish, Activation::silu,      Activation::gelu,
                                          Activation::gelu_tanh, Activation::quick_gelu};

// In both memory layouts, with and without a shortcut and an activation.
template <class AnyConv>
void expect_folding_changes_nothing(const ConvOptions& options, torch::ScalarType dtype) {
  const torch::NoGradGuard no_gradients;
  AnyConv conv = conv_and_norm<AnyConv>(options, dtype);
  for (const auto format : {torch::MemoryFormat::Contiguous, torch::MemoryFormat::ChannelsLast}) {
    const auto x = torch::randn({3, options.in, 14, 11}, dtype).contiguous(format);
    for (const Activation activation : all_activations) {
      for (const bool with_shortcut : {false, true}) {
        torch::Tensor shortcut = with_shortcut ? torch::randn_like(conv(x)) : torch::Tensor();
        // 3: so that values reach the ceiling of 6.
        if (with_shortcut) shortcut.mul_(3);
        const torch::Tensor plain = conv(x, activation, shortcut);
        AnyConv once(std::make_shared<typename AnyConv::ContainedType>(*conv));
        once->fold(dtype, 1);
        const torch::Tensor trial = once(x, activation, shortcut);
        once->end_trial();
        const torch::Tensor folded = once(x, activation, shortcut);
        const double largest = plain.abs().max().item<double>();
        EXPECT_LT((plain - folded).abs().max().item<double>(), 1e-5 * largest);
        EXPECT_LT((trial - folded).abs().max().item<double>(), 1e-6 * largest);
        EXPECT_TRUE(folded.equal(trial) || activation > Activation::relu6);
      }
    }
  }
}

TEST(Conv, FoldingItsBatchNormKeepsTheValues) {
  torch::manual_seed(3);
  for (const auto dtype : {torch::kFloat32, torch::kFloat64}) {
    expect_folding_changes_nothing<Conv>({.in = 8, .out = 24, .kernel = 3, .stride = 2}, dtype);
    expect_folding_changes_nothing<Conv>({.in = 16, .out = 8}, dtype);
    expect_folding_changes_nothing<Conv>({.in = 16, .out = 8, .kernel = 4, .bias = true, .padding = 0},
                                         dtype);
    expect_folding_changes_nothing<Conv>({.in = 32, .out = 32, .kernel = 3, .groups = 4}, dtype);
    expect_folding_changes_nothing<SameConv>({.in = 24, .out = 24, .kernel = 5, .stride = 2, .groups = 24},
                                             dtype);
    expect_folding_changes_nothing<SameConv>({.in = 3, .out = 32, .kernel = 3, .stride = 2}, dtype);
  }
}

TEST(Dense, AFoldedLayerHasTheSameValuesForInputsOfAnySize) {
  torch::manual_seed(8);
  const torch::NoGradGuard no_gradients;
  for (const bool with_bias : {true, false}) {
    for (const Activation activation : {Activation::none, Activation::gelu, Activation::relu}) {
      Dense dense(24, 40, with_bias);
      for (torch::Tensor& each : dense->parameters()) each.normal_();
      const auto trial = torch::randn({1, 7, 24}), others = torch::randn({3, 2, 5, 24});
      const auto expected = dense(trial, activation), of_others = dense(others, activation);
      dense->fold(torch::kFloat32, 4);
      EXPECT_TRUE(torch::allclose(dense(trial, activation), expected, 1e-5, 1e-5));
      dense->end_trial();
      EXPECT_TRUE(torch::allclose(dense(trial, activation), expected, 1e-5, 1e-5));
      EXPECT_TRUE(torch::allclose(dense(others, activation), of_others, 1e-5, 1e-5));
      EXPECT_TRUE(
          torch::allclose(dense(others.transpose(0, 2), activation), of_others.transpose(0, 2), 1e-5, 1e-5));
      dense->weight.zero_();
      EXPECT_TRUE(torch::allclose(dense(trial, activation), expected, 1e-5, 1e-5)) << "the weight is packed";
      EXPECT_TRUE(dense(trial * std::nan(""), activation).isnan().all().item<bool>());
    }
  }
}

TEST(Dense, AFoldedLayerHasGradientsOnRequest) {
  Dense dense(6, 5);
  for (torch::Tensor& each : dense->parameters()) torch::nn::init::normal_(each);
  const auto x = torch::randn({2, 6}).requires_grad_();
  const auto expected = torch::autograd::grad({dense(x).sum()}, {x})[0];
  dense->fold(torch::kFloat32, 1);
  dense(x.detach());
  dense->end_trial();
  EXPECT_TRUE(torch::autograd::grad({dense(x).sum()}, {x})[0].equal(expected));
}

// The engine computes them in bfloat16 by autocast, and in float64 as they are.
TEST(Dense, OtherTypesAreNotFolded) {
  const torch::NoGradGuard no_gradients;
  Dense dense(6, 5);
  for (torch::Tensor& each : dense->parameters()) each.normal_();
  dense->to(torch::kFloat64);
  const auto x = torch::randn({2, 6}, torch::kFloat64);
  const auto expected = dense(x);
  dense->fold(torch::kFloat64, 1);
  EXPECT_TRUE(dense(x).equal(expected));
  dense->end_trial();
  EXPECT_TRUE(dense(x).equal(expected));
}

TEST(Activations, FollowTheirFormulas) {
  const auto x = torch::linspace(-8, 8, 200, torch::kFloat64);
  const auto expect = [&](Activation activation, const torch::Tensor& expected) {
    EXPECT_TRUE(torch::allclose(activate(x.clone(), activation), expected, 1e-12, 1e-12));
    EXPECT_TRUE(activate(torch::full({3}, NAN), activation).isnan().all().item<bool>());
  };
  expect(Activation::none, x);
  expect(Activation::relu, x.clamp_min(0));
  expect(Activation::relu6, x.clamp(0, 6));
  expect(Activation::hardswish, x * (x + 3).clamp(0, 6) / 6);
  expect(Activation::silu, x / (1 + (-x).exp()));
  expect(Activation::gelu, x * 0.5 * (1 + (x / std::sqrt(2.0)).erf()));
  expect(Activation::quick_gelu, x / (1 + (-1.702 * x).exp()));
  expect(Activation::gelu_tanh,
         x * 0.5 * (1 + ((x + 0.044715 * x.pow(3)) * std::sqrt(2 / std::acos(-1.0))).tanh()));
}

// Equals torch::nn::LayerNorm at each position.
TEST(ChannelNorm, NormalisesTheChannelsOfEachPosition) {
  torch::manual_seed(8);
  ChannelNorm norm(6, 1e-6);
  const torch::NoGradGuard no_gradients;
  norm->weight.uniform_(0.5, 2);
  norm->bias.normal_();
  const auto x = torch::randn({2, 6, 4, 5}).mul_(3);
  for (const auto format : {torch::MemoryFormat::Contiguous, torch::MemoryFormat::ChannelsLast}) {
    const auto y = norm(x.contiguous(format));
    ASSERT_EQ(y.sizes(), x.sizes());
    const auto mean = x.mean({1}, true), variance = x.var({1}, /*unbiased=*/false, true);
    const auto expected = (x - mean) / (variance + 1e-6).sqrt() * norm->weight.view({1, 6, 1, 1}) +
                          norm->bias.view({1, 6, 1, 1});
    EXPECT_TRUE(torch::allclose(y, expected, 1e-5, 1e-5));
  }
}

TEST(Layers, AreRegisteredUnderNamesWithDots) {
  const auto shared = std::make_shared<torch::nn::Module>("root");
  torch::nn::Module& root = *shared;
  add_layer(root, "a.0.norm", layer_norm(4, 1e-6));
  const Dense dense = add_layer(root, "a.1", Dense(4, 2));
  add_conv(root, "a.0.conv", Conv(ConvOptions{.in = 3, .out = 4}), "a.0.bn");
  const auto [owner, last] = owner_of(root, "a.0.norm", /*make=*/false);
  EXPECT_EQ(last, "norm");
  ASSERT_NE(owner, nullptr);
  EXPECT_EQ(owner->named_children().keys(), (std::vector<std::string>{"norm", "conv", "bn"}));
  EXPECT_TRUE(root.named_parameters()["a.1.weight"].is_same(dense->weight));
  EXPECT_EQ(owner_of(root, "b.norm", /*make=*/false).first, nullptr);
}

TEST(Layers, AreInitialisedByFanInOrWithADeviation) {
  torch::manual_seed(5);
  const auto shared = std::make_shared<torch::nn::Module>("root");
  torch::nn::Module& root = *shared;
  const Conv conv =
      add_layer(root, "conv", Conv(ConvOptions{.in = 64, .out = 64, .kernel = 3, .groups = 4, .bias = true}));
  const Dense dense = add_layer(root, "dense", Dense(256, 64, /*bias=*/false));
  const auto linear = add_layer(root, "linear", torch::nn::Linear(64, 64));
  const auto largest = [](const torch::Tensor& values) { return values.abs().max().item<double>(); };
  init_by_fan_in(root);
  for (const auto& [values, bound] :
       {std::pair(conv->weight, 1.0 / 12), {conv->bias, 1.0 / 12}, {dense->weight, 1.0 / 16}}) {
    EXPECT_LE(largest(values), bound);
    EXPECT_GT(largest(values), 0.9 * bound);
  }
  init_normal(root, 0.02);
  for (const auto& weight : {conv->weight, dense->weight, linear->weight}) {
    EXPECT_NEAR(weight.std().item<double>(), 0.02, 0.001);
    EXPECT_GT(largest(weight), 0.05);
  }
  EXPECT_EQ(largest(conv->bias) + largest(linear->bias), 0);
}

TEST(Conv, TakesItsNormByValue) {
  torch::nn::Module owner;
  const Conv none = add_conv(owner, "a", Conv(ConvOptions{.in = 4, .out = 4}), "", {NormKind::none});
  const Conv batch =
      add_conv(owner, "b", Conv(ConvOptions{.in = 4, .out = 4}), "bn", {NormKind::batch, 1e-3, 0.01});
  const Conv layer =
      add_conv(owner, "c", Conv(ConvOptions{.in = 4, .out = 4}), "ln", {NormKind::layer, 1e-6});
  const auto children = owner.named_children();
  EXPECT_EQ(children.size(), 5U);
  const auto* norm = children["bn"]->as<torch::nn::BatchNorm2dImpl>();
  ASSERT_NE(norm, nullptr);
  EXPECT_EQ(norm->options.eps(), 1e-3);
  EXPECT_EQ(norm->options.momentum(), 0.01);
  EXPECT_NE(children["ln"]->as<ChannelNormImpl>(), nullptr);
  const torch::NoGradGuard no_gradients;
  for (Conv conv : {none, batch, layer}) {
    torch::nn::init::kaiming_uniform_(conv->weight);
    conv->fold(torch::kBFloat16, 1);
    conv->end_trial();
    EXPECT_EQ(conv(torch::randn({1, 4, 3, 3})).scalar_type(), torch::kBFloat16);
  }
}

TEST(AddLayer, MakesTheModulesOfANameWithDots) {
  const auto shared = std::make_shared<torch::nn::Module>("root");
  torch::nn::Module& root = *shared;
  add_conv(root, "stem", ConvOptions{.in = 3, .out = 4}, {.eps = 1e-3});
  add_conv(root, "blocks.0.conv", Conv(ConvOptions{.in = 4, .out = 4}), "blocks.0.bn");
  add_layer(root, "blocks.1", Dense(4, 2, /*bias=*/false));
  std::vector<std::string> names;
  for (const auto& item : root.named_parameters()) names.push_back(item.key());
  EXPECT_EQ(names,
            (std::vector<std::string>{"stem.0.weight", "stem.1.weight", "stem.1.bias", "blocks.0.conv.weight",
                                      "blocks.0.bn.weight", "blocks.0.bn.bias", "blocks.1.weight"}));
  EXPECT_EQ(root.named_modules()["stem.1"]->as<torch::nn::BatchNorm2dImpl>()->options.eps(), 1e-3);
  EXPECT_EQ(owner_of(root, "blocks.0.bn", /*make=*/false).first->named_children().size(), 2U);
  EXPECT_EQ(owner_of(root, "head.fc", /*make=*/false).first, nullptr);
}

TEST(Init, ByFanOutAndByFanIn) {
  torch::manual_seed(1);
  const auto shared = std::make_shared<torch::nn::Module>("root");
  torch::nn::Module& root = *shared;
  const Conv conv =
      add_layer(root, "a", Conv(ConvOptions{.in = 64, .out = 128, .kernel = 3, .groups = 2, .bias = true}));
  const Dense dense = add_layer(root, "b", Dense(100, 50));
  torch::nn::init::constant_(dense->weight, 7);
  init_by_fan_out(root);
  EXPECT_NEAR(conv->weight.std().item<double>(), std::sqrt(2.0 / (128 * 9)), 1e-3);
  EXPECT_TRUE(conv->bias.eq(0).all().item<bool>());
  EXPECT_TRUE(dense->weight.eq(7).all().item<bool>());
  init_by_fan_in(root);
  const auto expect_uniform = [](const torch::Tensor& values, double bound) {
    EXPECT_LE(values.abs().max().item<double>(), bound);
    EXPECT_GT(values.abs().max().item<double>(), 0.9 * bound);
    EXPECT_NEAR(values.std().item<double>(), bound / std::sqrt(3.0), 0.2 * bound);
  };
  for (const torch::Tensor& values : {conv->weight, conv->bias})
    expect_uniform(values, 1 / std::sqrt(32.0 * 9));
  for (const torch::Tensor& values : {dense->weight, dense->bias}) expect_uniform(values, 0.1);
}

// Grad-CAM needs this of convolutions after the body.
TEST(Conv, AFoldedConvolutionHasGradientsOnRequest) {
  torch::manual_seed(4);
  Conv conv = conv_and_norm<Conv>({.in = 8, .out = 8, .kernel = 3}, torch::kFloat32);
  const auto x = torch::randn({2, 8, 6, 6});
  const auto gradient = [&] {
    const auto leaf = x.clone().requires_grad_();
    return torch::autograd::grad({conv(leaf, Activation::hardswish).square().sum()}, {leaf})[0];
  };
  const auto before = gradient();
  conv->fold(torch::kFloat32, 1);
  conv->end_trial();
  EXPECT_TRUE(gradient().equal(before));
}

TEST(Conv, AFoldedConvolutionAcceptsBatchesOfOtherSizes) {
  torch::manual_seed(4);
  const torch::NoGradGuard no_gradients;
  Conv conv = conv_and_norm<Conv>({.in = 16, .out = 16, .kernel = 3}, torch::kFloat32);
  const auto large = torch::randn({5, 16, 12, 12}), small = torch::randn({1, 16, 7, 20});
  const auto plain_large = conv(large), plain_small = conv(small);
  conv->fold(torch::kFloat32, 1);
  EXPECT_TRUE(torch::allclose(conv(large), plain_large, 1e-4, 1e-5));
  conv->end_trial();
  EXPECT_TRUE(torch::allclose(conv(large), plain_large, 1e-4, 1e-5));
  EXPECT_TRUE(torch::allclose(conv(small), plain_small, 1e-4, 1e-5));
}

// Even sizes need one pixel more of padding at the end, odd sizes do not.
TEST(Conv, AFoldedConvolutionWithPaddingAcceptsOtherSizes) {
  torch::manual_seed(5);
  const torch::NoGradGuard no_gradients;
  for (const int kernel : {3, 5}) {
    SameConv conv = conv_and_norm<SameConv>(
        {.in = 16, .out = 16, .kernel = kernel, .stride = 2, .groups = 16}, torch::kFloat32);
    std::vector<torch::Tensor> images, plain;
    for (const auto& [height, width] :
         {std::pair(12, 8), std::pair(13, 8), std::pair(12, 7), std::pair(9, 15)})
      images.push_back(torch::randn({2, 16, height, width}));
    for (const torch::Tensor& x : images) plain.push_back(conv(x));
    for (std::size_t trial = 0; trial < images.size(); ++trial) {
      conv->fold(torch::kFloat32, 1);
      conv(images[trial]);
      conv->end_trial();
      for (std::size_t i = 0; i < images.size(); ++i)
        EXPECT_TRUE(torch::allclose(conv(images[i]), plain[i], 1e-4, 1e-5))
            << kernel << " " << trial << " " << i;
    }
  }
}

// bfloat16 has 8 significant bits.
TEST(Conv, FoldingInBfloat16OnlyRounds) {
  torch::manual_seed(6);
  const torch::NoGradGuard no_gradients;
  for (const std::int64_t groups : {1, 16}) {
    Conv conv = conv_and_norm<Conv>({.in = 16, .out = 16, .kernel = 3, .groups = groups}, torch::kFloat32);
    const auto x = torch::randn({2, 16, 9, 9}).contiguous(torch::MemoryFormat::ChannelsLast);
    const auto plain = conv(x, Activation::relu, x);
    conv->fold(torch::kBFloat16, 1);
    const auto folded = conv(x, Activation::relu, x.to(torch::kBFloat16));
    EXPECT_EQ(folded.scalar_type(), torch::kBFloat16);
    EXPECT_LT((folded.to(torch::kFloat32) - plain).abs().max().item<double>(),
              0.02 * plain.max().item<double>());
    EXPECT_FALSE(folded.to(torch::kFloat32).equal(plain));
  }
}

TEST(DropPath, AddIsTheSumWithTheShortcut) {
  DropPath drop(0.4);
  const auto options = torch::TensorOptions().requires_grad(true);
  const torch::Tensor shortcut = torch::randn({64, 3, 2, 2}), branch = torch::randn({64, 3, 2, 2}, options);
  for (const torch::Tensor& scale : {torch::Tensor(), torch::randn({3, 1, 1}, options)}) {
    for (const bool training : {true, false}) {
      drop->train(training);
      const torch::Tensor scaled = scale.defined() ? branch * scale : branch;
      torch::manual_seed(4);
      const torch::Tensor expected = shortcut + drop(scaled);
      torch::manual_seed(4);
      const torch::Tensor sum = drop->add(shortcut, branch, scale);
      EXPECT_TRUE(torch::allclose(sum, expected, 1e-5, 1e-6));
      EXPECT_TRUE(torch::allclose(torch::autograd::grad({sum.square().sum()}, {branch})[0],
                                  torch::autograd::grad({expected.square().sum()}, {branch})[0], 1e-5, 1e-5));
      const std::int64_t dropped = (sum == shortcut).flatten(1).all(1).sum().item<std::int64_t>();
      EXPECT_EQ(dropped > 10 && dropped < 45, training) << dropped;
      EXPECT_TRUE(training || dropped == 0);
    }
  }
}

}  // namespace
}  // namespace graft
