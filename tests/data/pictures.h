// Small pictures that the tests of this stage make.
#pragma once

#include <string>

#include "graft/data/preprocess.h"
#include "graft/image/image.h"

namespace graft::test {

// Pixels from a formula, as source_picture of tools/goldens/data.py; `seed` is added to each value.
Image formula_picture(int height, int width, int seed = 0);

// The usual mean and std.
Preprocess preprocess_of(int resize, int crop, Interpolation interpolation = Interpolation::bilinear);

// The bytes of a binary PPM (P6).
std::string ppm(const Image& image);
std::string ppm(int height, int width, int seed = 0);

// A golden PPM as it was written.
std::string golden_ppm(const std::string& name);

}  // namespace graft::test
