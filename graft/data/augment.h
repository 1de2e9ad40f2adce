// Random transforms' parameters, drawn as torchvision draws them.
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
// log-uniform in `ratio`, position uniform; ten tries, then fallback_crop. height and width ≥ 1; the box lies
// inside.
CropBox random_resized_crop(int height, int width, const RandomResizedCropOptions& options, Random& random);

// The pieces of it that draw nothing.
//
// One try: the size of a crop of `scale` of the area with this aspect ratio; nothing where it does not fit.
std::optional<CropSize> crop_size(int height, int width, double scale, double aspect_ratio);
// The largest crop from the centre whose ratio is within bounds.
CropBox fallback_crop(int height, int width, const RandomResizedCropOptions& options);

}  // namespace graft
