#include "graft/models/transformer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/nn/modules/activation.h>

#include <cmath>

#include "graft/models/load.h"
#include "tests/models/answers.h"
#include "tests/support/formula.h"
#include "tests/support/tiny_vit.h"

namespace graft::test {
namespace {

using ::testing::ElementsAre;

void draw(torch::nn::Module& module) {
  const torch::NoGradGuard no_gradients;
  for (const auto& [name, tensor] : named_tensors(module)) {
    if (tensor.is_floating_point()) tensor.normal_(0, 0.5);
  }
}

std::vector<std::string> names_of(const torch::nn::Module& module) {
  std::vector<std::string> names;
  for (const auto& [name, tensor] : named_tensors(module)) names.push_back(name);
  return names;
}

TEST(Attention, HasTheParametersAndValuesOfTorchsMultiheadAttention) {
  torch::manual_seed(1);
  const torch::NoGradGuard no_gradients;
  Attention ours(
      AttentionOptions{.dim = 12, .heads = 3, .qkv = "in_proj", .project = "out_proj", .own_qkv = true});
  torch::nn::MultiheadAttention theirs(torch::nn::MultiheadAttentionOptions(12, 3));
  draw(*ours);
  const auto from = named_tensors(*ours), to = named_tensors(*theirs);
  ASSERT_EQ(names_of(*ours), names_of(*theirs));
  for (std::size_t i = 0; i < from.size(); ++i) {
    torch::Tensor target = to[i].second;
    target.copy_(from[i].second);
  }
  const auto x = torch::randn({2, 5, 12}), first = x.transpose(0, 1);
  const auto expected = std::get<0>(theirs(first, first, first)).transpose(0, 1);
  EXPECT_TRUE(torch::allclose(ours(x), expected, 1e-5, 1e-5));
}

TEST(Attention, NormalisesQueriesAndKeysScalesAndAddsABias) {
  torch::manual_seed(2);
  const torch::NoGradGuard no_gradients;
  Attention attention(
      AttentionOptions{.dim = 8, .heads = 2, .scale = 0.3, .qkv_bias = false, .qk_norm = true});
  EXPECT_THAT(names_of(*attention), ElementsAre("qkv.weight", "q_norm.weight", "q_norm.bias", "k_norm.weight",
                                                "k_norm.bias", "proj.weight", "proj.bias"));
  draw(*attention);
  const auto parameters = attention->named_parameters();
  const auto x = torch::randn({1, 3, 8}), bias = torch::randn({2, 3, 3});
  const auto qkv = x[0].mm(parameters["qkv.weight"].t());  // 3×24
  const auto norm = [&](const torch::Tensor& values, const std::string& name) {
    return torch::layer_norm(values, {4}, parameters[name + ".weight"], parameters[name + ".bias"], 1e-6);
  };
  std::vector<torch::Tensor> heads;
  for (const int head : {0, 1}) {
    const auto q = norm(qkv.narrow(1, 4 * head, 4), "q_norm");
    const auto k = norm(qkv.narrow(1, 8 + 4 * head, 4), "k_norm");
    heads.push_back((q.mm(k.t()) * 0.3 + bias[head]).softmax(-1).mm(qkv.narrow(1, 16 + 4 * head, 4)));
  }
  const auto expected =
      torch::linear(torch::cat(heads, 1), parameters["proj.weight"], parameters["proj.bias"]);
  EXPECT_TRUE(torch::allclose(attention(x, bias.unsqueeze(0))[0], expected, 1e-5, 1e-5));
}

// With values that are the tokens' own, attention to a token shows in its channel.
// Whether or not its qkv layer is a module of its own.
TEST(Attention, IsFoldedAsAWhole) {
  const torch::NoGradGuard no_gradients;
  for (const bool own_qkv : {true, false}) {
    Attention attention(AttentionOptions{.dim = 12, .heads = 3, .own_qkv = own_qkv});
    draw(*attention);
    const auto x = torch::randn({2, 5, 12});
    const auto expected = attention(x);
    Dense project = attention->project();
    attention->fold(torch::kFloat32, 1);
    project->fold(torch::kFloat32, 1);
    EXPECT_TRUE(torch::allclose(attention(x), expected, 1e-5, 1e-5));
    attention->end_trial();
    project->end_trial();
    for (torch::Tensor& each : attention->parameters()) {
      if (each.dim() == 2) each.zero_();
    }
    EXPECT_TRUE(torch::allclose(attention(x), expected, 1e-5, 1e-5)) << "the weights are packed";
  }
}

TEST(WindowAttention, AddsABiasForEachOffsetAndTheMaskOfEachWindow) {
  const torch::NoGradGuard no_gradients;
  WindowAttention attention(AttentionOptions{.dim = 4, .heads = 1}, WindowOptions{.side = 2});
  for (const auto& item : attention->named_parameters()) item.value().zero_();
  attention->qkv()->weight.narrow(0, 8, 4).copy_(torch::eye(4));
  attention->project()->weight.copy_(torch::eye(4));
  const auto table = torch::randn({9, 1});
  attention->named_parameters()["relative_position_bias_table"].copy_(table);
  auto expected = torch::empty({4, 4});
  for (int from = 0; from < 4; ++from) {
    for (int to = 0; to < 4; ++to) {
      const int rows = from / 2 - to / 2, columns = from % 2 - to % 2;
      expected[from][to] = table[3 * (rows + 1) + columns + 1][0];
    }
  }
  const auto tokens = torch::eye(4).repeat({4, 1, 1});
  EXPECT_TRUE(torch::allclose(attention(tokens)[3], expected.softmax(-1)));
  auto mask = torch::zeros({2, 4, 4});
  mask[1].fill_diagonal_(-100);
  const auto masked = attention(tokens, mask);
  for (const int window : {0, 1, 2, 3})
    EXPECT_TRUE(torch::allclose(masked[window], (expected + mask[window % 2]).softmax(-1))) << window;
}

TEST(Windows, AreCutInRowOrderAndJoinedAgain) {
  const auto x = torch::arange(2 * 4 * 6 * 3).view({2, 4, 6, 3});
  const auto windows = to_windows(x, 2, 3);
  ASSERT_EQ(windows.sizes(), torch::IntArrayRef({8, 6, 3}));
  EXPECT_TRUE(windows[5].equal(x[1].slice(0, 0, 2).slice(1, 3, 6).reshape({6, 3})));
  EXPECT_TRUE(from_windows(windows, 2, 3, 4, 6).equal(x));
}

TEST(Mlp, MultipliesByAnActivationWithAGate) {
  torch::manual_seed(3);
  const torch::NoGradGuard no_gradients;
  Mlp plain(MlpOptions{.dim = 3, .hidden = 4});
  Mlp gated(MlpOptions{.dim = 3, .hidden = 4, .activation = Activation::silu, .gated = true});
  draw(*plain);
  draw(*gated);
  EXPECT_THAT(names_of(*gated), ElementsAre("fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"));
  const auto x = torch::randn({2, 5, 3});
  const auto layer = [](const Mlp& mlp, const torch::Tensor& in, const std::string& name) {
    const auto parameters = mlp->named_parameters();
    return torch::linear(in, parameters[name + ".weight"], parameters[name + ".bias"]);
  };
  EXPECT_TRUE(torch::allclose(plain(x), layer(plain, torch::gelu(layer(plain, x, "fc1")), "fc2")));
  const auto halves = layer(gated, x, "fc1").chunk(2, -1);
  EXPECT_TRUE(torch::allclose(gated(x), layer(gated, torch::silu(halves[0]) * halves[1], "fc2")));
}

TEST(LayerScale, MultipliesTheChannels) {
  LayerScale scale(3);
  const torch::NoGradGuard no_gradients;
  scale->gamma.copy_(torch::tensor({1.0F, 2.0F, 3.0F}));
  EXPECT_TRUE(scale(torch::ones({1, 2, 3})).equal(scale->gamma.expand({1, 2, 3})));
}

TEST(Positions, AreResizedAsInTorchvisionAndTimm) {
  const auto positions = formula_tensor("positions", {1, 17, 3});
  const auto expect = [&](const char* key, std::int64_t rows, std::int64_t columns, PositionResize how) {
    const auto expected =
        torch::tensor(family_golden("vit").at("positions").at(key).get<std::vector<float>>());
    const auto resized = resize_positions(positions, 1, rows, columns, how);
    EXPECT_EQ(resized.sizes(), torch::IntArrayRef({1, 1 + rows * columns, 3}));
    EXPECT_TRUE(torch::allclose(resized.flatten(), expected, 1e-5, 1e-6)) << key;
  };
  expect("torchvision 6x6", 6, 6, PositionResize::corners);
  expect("timm 3x5", 3, 5, PositionResize::antialiased);
}

TEST(Biases, AreResizedAsInTimm) {
  const auto table = formula_tensor("biases", {52, 2});
  for (const auto& [side, values] : family_golden("eva").at("biases").items()) {
    const auto resized = resize_biases(table, 3, std::stoi(side));
    EXPECT_TRUE(
        torch::allclose(resized.flatten(), torch::tensor(values.get<std::vector<float>>()), 1e-4, 1e-6))
        << side;
  }
}

// The state of a TinyVit, whose grid is 4×4, with other position embeddings and a prefix.
StateDict with_positions(const torch::Tensor& positions) {
  StateDict state = state_of(TinyVit(2));
  const auto owner = std::make_shared<const torch::Tensor>(positions.contiguous());
  state.owners.push_back(owner);
  for (NamedTensor& each : state.tensors) {
    if (each.name == "pos_embed") each.tensor = view_of(*owner);
    each.name = "model." + each.name;
  }
  return state;
}

TEST(Positions, OfAFileAreResizedToTheNetworksGrid) {
  const TinyVit network(2);
  std::vector<std::string> notes;
  const auto adapted = [&](const torch::Tensor& positions) {
    StateDict state = with_positions(positions);
    adapt_positions(state, network, "pos_embed", 1, PositionResize::corners, notes);
    return to_tensor(*state.find("model.pos_embed")).clone();
  };
  const auto larger = torch::randn({1, 37, 32});
  EXPECT_TRUE(adapted(larger).equal(resize_positions(larger, 1, 4, 4, PositionResize::corners)));
  EXPECT_THAT(notes, ElementsAre("resized model.pos_embed from a grid of 6 × 6 positions to 4 × 4"));
  notes.clear();
  EXPECT_EQ(adapted(larger.to(torch::kHalf)).scalar_type(), torch::kFloat32);
  notes.clear();
  // The same grid, no square, another width, no prefix token, no positions at all.
  for (const std::vector<std::int64_t>& shape :
       std::vector<std::vector<std::int64_t>>{{1, 17, 32}, {1, 18, 32}, {1, 37, 31}, {1, 0, 32}, {37, 32}}) {
    const auto positions = torch::randn(shape);
    EXPECT_TRUE(adapted(positions).equal(positions)) << shape;
  }
  EXPECT_THAT(notes, ElementsAre());
}

}  // namespace
}  // namespace graft::test
