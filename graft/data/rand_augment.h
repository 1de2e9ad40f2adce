// RandAugment (Cubuk et al., arXiv:1909.13719), as torchvision.transforms.RandAugment with its 31 bins:
// several changes of each picture, any of them, all of one strength.
#pragma once

#include <vector>

#include "graft/core/random.h"
#include "graft/data/augment_ops.h"

namespace graft {

// What a picture of this size is moved by depends on it.
MagnitudeRanges rand_ranges(const Size& picture);

// `ops` changes in the order in which they are made; magnitude: 0 to 30.
std::vector<AugmentStep> rand_augment(int ops, int magnitude, const Size& picture, Random& random);

}  // namespace graft
