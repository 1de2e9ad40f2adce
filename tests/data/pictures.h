// Small images for the tests of this stage.
#pragma once

#include <string>

#include "graft/data/preprocess.h"
#include "graft/image/image.h"

namespace graft::test {

// Pixels from the formula of source_picture in tools/goldens/data.py; adds `seed` to each value.
Image formula_picture(int height, int width, int seed = 0);

// With the standard mean and std.
Preprocess preprocess_of(int resize, int crop, Interpolation interpolation = Interpolation::bilinear);

// The bytes of a binary PPM (P6).
std::string ppm(const Image& image);
std::string ppm(int height, int width, int seed = 0);

// The bytes of a golden PPM.
std::string golden_ppm(const std::string& name);

}  // namespace graft::test
