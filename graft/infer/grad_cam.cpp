#include "graft/infer/grad_cam.h"

#include <torch/autograd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "graft/core/error.h"
#include "graft/infer/inference_model.h"

namespace graft {
namespace {

// The colour map "jet" (blue, cyan, yellow, red), the usual one for Grad-CAM.
std::array<float, 3> jet(float value) {
  const auto hill = [&](float centre) { return std::clamp(1.5F - std::abs(4 * value - centre), 0.0F, 1.0F); };
  return {hill(3), hill(2), hill(1)};
}

// N×T×F tokens → N×F×rows×columns, without the prefix tokens; maps are returned unchanged.
torch::Tensor maps_of(const torch::Tensor& features, const FeatureInfo& info, const torch::Tensor& images) {
  if (info.kind == FeatureKind::maps) return features;
  const std::int64_t rows = images.size(2) / info.reduction, columns = images.size(3) / info.reduction;
  const std::int64_t places = features.size(1) - info.prefix_tokens;
  if (places != rows * columns) {
    throw Error("the network", "gives " + std::to_string(features.size(1)) +
                                   " tokens, and its feature_info() declares " +
                                   std::to_string(info.prefix_tokens) + " and a grid of " +
                                   std::to_string(rows) + " × " + std::to_string(columns));
  }
  return features.narrow(1, info.prefix_tokens, places)
      .transpose(1, 2)
      .reshape({features.size(0), features.size(2), rows, columns});
}

}  // namespace

GradCam grad_cam(const InferenceModel& model, const torch::Tensor& images) {
  const torch::Tensor body = model.forward_body(images);
  // Only the tail needs gradients.
  const torch::AutoGradMode gradients(true);
  const torch::Tensor leaf = body.detach().requires_grad_(true);
  const torch::Tensor logits = model.forward_head(model.forward_tail(leaf));
  check_answers(model, logits.detach(), images, {});
  const torch::Tensor best = std::get<0>(logits.max(1));
  const torch::Tensor gradient = torch::autograd::grad({best.sum()}, {leaf})[0];
  const torch::NoGradGuard no_gradients;
  const FeatureInfo info = model.feature_info();
  const torch::Tensor maps = maps_of(body, info, images);
  const torch::Tensor slope = maps_of(gradient, info, images).mean({2, 3}, /*keepdim=*/true);
  torch::Tensor heat = torch::relu((slope * maps).sum(1, /*keepdim=*/true));
  check_answers(model, heat, images, {});
  heat =
      torch::upsample_bilinear2d(heat, {images.size(2), images.size(3)}, /*align_corners=*/false).squeeze(1);
  const torch::Tensor largest = heat.amax({1, 2}, /*keepdim=*/true);
  return {logits.detach(), heat / torch::where(largest > 0, largest, torch::ones_like(largest))};
}

Image overlay_heat(const ImageView& picture, const torch::Tensor& heat) {
  Image image(picture.height, picture.width);
  const torch::Tensor values = heat.to(torch::kFloat32).contiguous();
  const float* value = values.const_data_ptr<float>();
  for (int y = 0; y < picture.height; ++y) {
    const std::uint8_t* from = picture.row(y);
    std::uint8_t* to = image.row(y);
    for (int x = 0; x < picture.width; ++x, ++value) {
      const auto color = jet(*value);
      for (std::size_t c = 0; c < 3; ++c, ++from, ++to)
        *to = static_cast<std::uint8_t>(std::lround(0.5F * static_cast<float>(*from) + 127.5F * color[c]));
    }
  }
  return image;
}

Image explain_picture(const InferenceModel& model, const ImageView& picture) {
  return overlay_heat(picture, grad_cam(model, images_of(picture, model.preprocess())).heat[0].cpu());
}

}  // namespace graft
