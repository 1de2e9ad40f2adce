// Resizing with antialiasing, equal in every 8-bit value to Pillow's Image.resize (two passes of fixed-point
// arithmetic), and so to torchvision.transforms.functional.resize on PIL images.
#pragma once

#include "graft/image/image.h"

namespace graft {

enum class Interpolation { bilinear, bicubic };

// The names used by torchvision and by model files: "bilinear", "bicubic".
const char* to_string(Interpolation interpolation);
// Throws UsageError for any other name.
Interpolation interpolation_from(const char* name);

// height and width ≥ 1. Thread-safe.
Image resize(const ImageView& image, int height, int width, Interpolation interpolation);

// torchvision Resize(size): the shorter side becomes `size`, the other int(size · long / short).
Image resize_shorter_side(const ImageView& image, int size, Interpolation interpolation);

// torchvision CenterCrop(size): pads with black where the picture is smaller.
Image center_crop(const ImageView& image, int size);

Image flip_horizontal(const ImageView& image);

}  // namespace graft
