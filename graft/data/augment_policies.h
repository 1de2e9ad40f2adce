// torchvision's augmentation policies.
#pragma once

#include <vector>

#include "graft/core/random.h"
#include "graft/data/augment_ops.h"

namespace graft {

// TrivialAugment (Müller and Hutter, arXiv:2103.10158), as torchvision.transforms.TrivialAugmentWide: one
// change per image, any operation at any strength, without parameters.
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

// RandAugment (Cubuk et al., arXiv:1909.13719), as torchvision.transforms.RandAugment with its 31 bins:
// several changes per image, any operations, all of one strength.

// The ranges for an image of this size, on which translations depend.
MagnitudeRanges rand_ranges(const Size& picture);

// `ops` changes in the order of application; magnitude: 0 to 30.
std::vector<AugmentStep> rand_augment(int ops, int magnitude, const Size& picture, Random& random);

}  // namespace graft
