// Random transforms' parameters, drawn as torchvision draws them.
#pragma once

#include "graft/core/random.h"

namespace graft {

struct CropBox {
  int top = 0, left = 0, height = 0, width = 0;
};

// torchvision.transforms.RandomResizedCrop.get_params: area uniform in `scale` of the whole, aspect ratio
// log-uniform in `ratio`, ten tries, then the largest centre crop whose ratio is within bounds.
struct RandomResizedCropOptions {
  double scale_min = 0.08, scale_max = 1.0;
  double ratio_min = 3.0 / 4.0, ratio_max = 4.0 / 3.0;
};

CropBox random_resized_crop(int height, int width, const RandomResizedCropOptions& options, Random& random);

}  // namespace graft
