// Sets a rectangle of a normalised image to 0, the mean colour: Random Erasing (Zhong et al.,
// arXiv:1708.04896), as torchvision.transforms.RandomErasing.
#pragma once

#include <optional>

#include "graft/core/random.h"
#include "graft/data/loader.h"
#include "graft/image/image.h"

namespace graft {

struct RandomErasingOptions {
  double probability = 0.5;
  double scale_min = 0.02, scale_max = 0.33;  // fraction of the image
  double ratio_min = 0.3, ratio_max = 3.3;    // height / width
};

// The rectangle to erase, if any: area uniform in `scale`, aspect ratio log-uniform in `ratio`, position
// uniform; ten attempts, then nothing. It is inside the image and smaller than it on both sides.
std::optional<Window> random_erasing(const Size& picture, const RandomErasingOptions& options,
                                     Random& random);

// One attempt: the size of a rectangle of `scale` of the area with this aspect ratio (height / width);
// nothing if it does not fit. Deterministic.
std::optional<Size> erased_size(const Size& picture, double scale, double aspect_ratio);

// Sets the window of an image of 3 × height × width floats in that layout to 0. It must be inside.
void erase(float* image, const Size& picture, BatchLayout layout, const Window& window);

}  // namespace graft
