// Grad-CAM (Selvaraju et al., arXiv:1610.02391): the regions of an image that influence a prediction.
#pragma once

#include "graft/device/torch.h"
#include "graft/image/image.h"
#include "graft/infer/inference_model.h"

namespace graft {

struct GradCam {
  torch::Tensor logits;  // N×classes
  // N×H×W of the images, 0 to 1: how much each position contributes to the predicted class. All 0 if no
  // position does.
  torch::Tensor heat;
};

// For the feature maps A of the network's body (Network::forward_body) and the logit y of the predicted
// class: max(0, Σ_f a_f · A_f), where a_f is the mean of ∂y/∂A_f over the map, scaled to a maximum of 1 in
// each image and resized bilinearly to the images' size. For tokens the maps are those of the grid's
// positions. images: as for InferenceModel. Throws Error if the model's outputs are not finite, or its tokens
// do not match the grid of feature_info(). Thread-safe.
GradCam grad_cam(const InferenceModel& model, const torch::Tensor& images);

// The image under a half-transparent layer of colours from blue (0) to red (1). `heat`: height × width of the
// image, on the CPU.
Image overlay_heat(const ImageView& picture, const torch::Tensor& heat);

// Both for one preprocessed image (transform_val).
Image explain_picture(const InferenceModel& model, const ImageView& picture);

}  // namespace graft
