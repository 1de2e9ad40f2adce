// A rectangle of a normalised picture set to 0, the mean colour: Random Erasing (Zhong et al.,
// arXiv:1708.04896), as torchvision.transforms.RandomErasing.
#pragma once

#include <optional>

#include "graft/core/random.h"
#include "graft/data/loader.h"
#include "graft/image/image.h"

namespace graft {

struct RandomErasingOptions {
  double probability = 0.5;
  double scale_min = 0.02, scale_max = 0.33;  // share of the picture
  double ratio_min = 0.3, ratio_max = 3.3;    // height / width
};

// What is erased, if anything: area uniform in `scale`, aspect ratio log-uniform in `ratio`, position
// uniform; ten tries, then nothing. The rectangle lies inside and is smaller than the picture on both sides.
std::optional<Window> random_erasing(const Size& picture, const RandomErasingOptions& options,
                                     Random& random);

// One try: the size of a rectangle of `scale` of the picture with this aspect ratio (height / width); nothing
// where it does not fit. Draws nothing.
std::optional<Size> erased_size(const Size& picture, double scale, double aspect_ratio);

// Sets the window of a picture of 3 × height × width floats of that layout to 0. It must lie inside.
void erase(float* image, const Size& picture, BatchLayout layout, const Window& window);

}  // namespace graft
