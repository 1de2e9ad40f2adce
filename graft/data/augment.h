// Random crop parameters, drawn as in torchvision.
#pragma once

#include <optional>

#include "graft/core/random.h"

namespace graft {

struct CropSize {
  int height = 0, width = 0;
  bool operator==(const CropSize&) const = default;
};

struct CropBox {
  int top = 0, left = 0, height = 0, width = 0;
  bool operator==(const CropBox&) const = default;
};

struct RandomResizedCropOptions {
  double scale_min = 0.08, scale_max = 1.0;
  double ratio_min = 3.0 / 4.0, ratio_max = 4.0 / 3.0;  // width / height
};

// torchvision.transforms.RandomResizedCrop.get_params: area uniform in `scale` of the whole, aspect ratio
// log-uniform in `ratio`, position uniform; ten attempts, then fallback_crop. height and width ≥ 1. The box
// is inside the image.
CropBox random_resized_crop(int height, int width, const RandomResizedCropOptions& options, Random& random);

// Its deterministic parts.
//
// One attempt: the size of a crop of `scale` of the area with this aspect ratio; nothing if it does not fit.
std::optional<CropSize> crop_size(int height, int width, double scale, double aspect_ratio);
// The largest centre crop with a ratio within bounds.
CropBox fallback_crop(int height, int width, const RandomResizedCropOptions& options);

}  // namespace graft
