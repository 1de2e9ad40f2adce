#include "graft/infer/grad_cam.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/autograd.h>

#include "graft/core/error.h"
#include "graft/models/registry.h"
#include "tests/support/tiny_network.h"
#include "tests/support/tiny_vit.h"

namespace graft {
namespace {

// The definition, by a gradient through the whole network with torch's autograd only.
torch::Tensor reference(Network& network, const torch::Tensor& images) {
  const torch::Tensor input = images.clone().requires_grad_(true);
  const torch::Tensor maps = network.forward_features(input);
  const torch::Tensor logits = network.classify(maps.mean(std::vector<std::int64_t>{2, 3}));
  const auto best = std::get<0>(logits.max(1)).sum();
  const auto slope = torch::autograd::grad({best}, {maps}, {}, /*retain_graph=*/true)[0];
  torch::Tensor heat = torch::zeros({images.size(0), maps.size(2), maps.size(3)});
  for (std::int64_t n = 0; n < maps.size(0); ++n) {
    for (std::int64_t f = 0; f < maps.size(1); ++f) heat[n] += slope[n][f].mean() * maps[n][f].detach();
  }
  heat = torch::upsample_bilinear2d(heat.clamp_min(0).unsqueeze(1), {images.size(2), images.size(3)}, false)
             .squeeze(1);
  for (std::int64_t n = 0; n < heat.size(0); ++n) {
    if (heat[n].max().item<float>() > 0) heat[n] /= heat[n].max();
  }
  return heat.detach();
}

TEST(GradCam, EqualsItsDefinition) {
  torch::manual_seed(1);
  std::vector<Model> models = {test::tiny_model({"a", "b", "c"}, 3)};
  for (const char* name : {"resnet18", "efficientnet_lite0"})
    models.push_back({name, {}, find_model(name).preprocess, {}, find_model(name).build({5, Init::random})});
  int lit = 0;
  for (const Model& model : models) {
    const NetworkPtr& network = model.network;
    network->eval();
    const torch::Tensor images = torch::randn({6, 3, 64, 64});
    const GradCam cam = grad_cam(InferenceModel::compile(model, torch::kCPU), images);
    ASSERT_EQ(cam.heat.sizes(), (std::vector<std::int64_t>{6, 64, 64}));
    EXPECT_TRUE(torch::allclose(cam.heat, reference(*network, images), 1e-3, 1e-4));
    EXPECT_TRUE(torch::allclose(cam.logits, network->forward(images), 1e-4, 1e-5));
    EXPECT_GE(cam.heat.min().item<float>(), 0.0F);
    EXPECT_LE(cam.heat.max().item<float>(), 1.0F);
    lit += cam.heat.max().item<float>() > 0 ? 1 : 0;
  }
  EXPECT_GT(lit, 0);  // an untrained network may have no supporting position
}

// For tokens: only the class token reaches the head, the others influence it through the last attention.
torch::Tensor reference_of_tokens(test::TinyVit& network, const torch::Tensor& images) {
  const torch::Tensor body = network.forward_body(images).detach().requires_grad_(true);
  const torch::Tensor logits = network.forward_head(network.forward_tail(body));
  const auto slope = torch::autograd::grad({std::get<0>(logits.max(1)).sum()}, {body})[0];
  torch::Tensor heat = torch::zeros({images.size(0), 1, 4, 4});
  for (std::int64_t n = 0; n < images.size(0); ++n) {
    const auto mean = slope[n].slice(0, 1).mean(0);
    for (std::int64_t place = 0; place < 16; ++place)
      heat[n][0][place / 4][place % 4] = (mean * body[n][1 + place].detach()).sum().clamp_min(0);
  }
  heat = torch::upsample_bilinear2d(heat, {images.size(2), images.size(3)}, false).squeeze(1);
  const auto largest = heat.amax({1, 2}, true);
  return heat / torch::where(largest > 0, largest, torch::ones_like(largest));
}

TEST(GradCam, TokensAreAGridWithoutTheClassToken) {
  const Model model = test::tiny_vit_model({"a", "b", "c"}, 3);
  auto& network = dynamic_cast<test::TinyVit&>(*model.network);
  network.eval();
  const torch::Tensor images = torch::randn({6, 3, 32, 32});
  const GradCam cam = grad_cam(InferenceModel::compile(model, torch::kCPU), images);
  const torch::Tensor expected = reference_of_tokens(network, images);
  EXPECT_TRUE(torch::allclose(cam.heat, expected, 1e-3, 1e-4));
  EXPECT_TRUE(torch::allclose(cam.logits, network.forward(images), 1e-4, 1e-5));
  EXPECT_GT(cam.heat.max().item<float>(), 0.99F);
}

// A network with a wrong feature_info().
class WrongGrid : public test::TinyVit {
 public:
  using TinyVit::TinyVit;
  FeatureInfo feature_info() const override {
    return {.kind = FeatureKind::tokens, .dim = 32, .reduction = 16, .prefix_tokens = 1};
  }

 protected:
  NetworkPtr make_alike() const override { return std::make_shared<WrongGrid>(head()->weight.size(0)); }
};

TEST(GradCam, TokensThatDoNotFormAGridAreAnError) {
  Model model = test::tiny_vit_model({"a", "b"});
  model.network = std::make_shared<WrongGrid>(2);
  const InferenceModel ready = InferenceModel::compile(model, torch::kCPU);
  EXPECT_THAT(
      [&] {
        grad_cam(ready, torch::randn({1, 3, 32, 32}));
      },
      ::testing::ThrowsMessage<Error>(
          ::testing::HasSubstr("gives 17 tokens, and its feature_info() declares 1 and a grid of 2 × 2")));
}

TEST(GradCam, ItIsZeroIfNothingSupportsTheClass) {
  Model model = test::tiny_model({"a", "b", "c"}, 3);
  model.network->eval();
  const torch::NoGradGuard no_gradients;
  model.network->head()->weight.fill_(-1);
  const InferenceModel ready = InferenceModel::compile(model, torch::kCPU);
  EXPECT_EQ(grad_cam(ready, torch::randn({1, 3, 32, 32})).heat.max().item<float>(), 0.0F);
}

TEST(OverlayHeat, GoesFromBlueToRedOverThePicture) {
  Image grey(1, 3);
  std::fill_n(grey.data(), 9, std::uint8_t{100});
  const Image image = overlay_heat(grey.view(), torch::tensor({{0.0F, 0.5F, 1.0F}}));
  const std::vector<int> expected = {50, 50, 114, 114, 178, 114, 114, 50, 50};
  for (std::size_t i = 0; i < 9; ++i) EXPECT_NEAR(image.data()[i], expected[i], 1) << i;
}

}  // namespace
}  // namespace graft
