#include "graft/infer/grad_cam.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "graft/infer/batch_tensor.h"
#include "graft/infer/check_answers.h"

namespace graft {
namespace {

// The colour map "jet": blue, cyan, yellow, red, as Grad-CAM's pictures are usually drawn.
std::array<float, 3> jet(float value) {
  const auto hill = [&](float centre) { return std::clamp(1.5F - std::abs(4 * value - centre), 0.0F, 1.0F); };
  return {hill(3), hill(2), hill(1)};
}

}  // namespace

GradCam grad_cam(const InferenceModel& model, const torch::Tensor& images) {
  const torch::Tensor maps = model.feature_maps(images);
  // Gradients are needed from the maps on, not of the backbone.
  const torch::AutoGradMode gradients(true);
  const torch::Tensor leaf = maps.detach().requires_grad_(true);
  const torch::Tensor logits = model.logits_of_maps(leaf);
  check_answers(model, logits.detach(), images, {});
  const torch::Tensor best = std::get<0>(logits.max(1));
  const torch::Tensor slope = torch::autograd::grad({best.sum()}, {leaf})[0].mean({2, 3}, /*keepdim=*/true);
  const torch::NoGradGuard no_gradients;
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
