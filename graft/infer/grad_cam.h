// Where a network looked: Grad-CAM (Selvaraju et al., arXiv:1610.02391).
#pragma once

#include "graft/device/torch.h"
#include "graft/image/image.h"
#include "graft/infer/inference_model.h"

namespace graft {

struct GradCam {
  torch::Tensor logits;  // N×classes
  // N×H×W of the images, 0 to 1: how much each place speaks for the class that was predicted. All 0 where
  // nothing does.
  torch::Tensor heat;
};

// Of the feature maps A that the network's body gives (Network::forward_body) and the logit y of the
// predicted class: max(0, Σ_f a_f · A_f) with a_f the mean of ∂y/∂A_f over the map, scaled to a largest value
// of 1 in each image, enlarged bilinearly to the images' size. Of tokens those of the grid's places are the
// maps. images: as InferenceModel takes them. Throws Error where the model's answers are not finite, and
// where its tokens are not the grid that feature_info() says. Thread-safe.
GradCam grad_cam(const InferenceModel& model, const torch::Tensor& images);

// The picture under a half-transparent layer of colours from blue (0) to red (1). `heat`: height × width of
// the picture, on the CPU.
Image overlay_heat(const ImageView& picture, const torch::Tensor& heat);

// Both for one picture as the network gets it (transform_val).
Image explain_picture(const InferenceModel& model, const ImageView& picture);

}  // namespace graft
