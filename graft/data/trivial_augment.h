// TrivialAugment (Müller and Hutter, arXiv:2103.10158), as torchvision.transforms.TrivialAugmentWide: one
// change of each picture, any of them at any strength, with nothing to tune.
#pragma once

#include "graft/core/random.h"
#include "graft/data/augment_ops.h"

namespace graft {

inline constexpr MagnitudeRanges trivial_ranges = {{
    {},               // identity
    {0, 0.99, true},  // shear_x
    {0, 0.99, true},  // shear_y
    {0, 32, true},    // translate_x
    {0, 32, true},    // translate_y
    {0, 135, true},   // rotate
    {0, 0.99, true},  // brightness
    {0, 0.99, true},  // color
    {0, 0.99, true},  // contrast
    {0, 0.99, true},  // sharpness
    {8, 2, false},    // posterize
    {255, 0, false},  // solarize
    {},               // auto_contrast
    {},               // equalize
}};

AugmentStep trivial_augment(Random& random);

}  // namespace graft
