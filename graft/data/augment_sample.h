// Everything of AugmentOptions, for one sample, in the order of torchvision's reference training
// (ClassificationPresetTrain): the crop and the flip are done, then the policy, ColorJitter, [normalise,]
// RandomErasing.
#pragma once

#include <cstdint>

#include "graft/data/augment_options.h"
#include "graft/data/loader.h"
#include "graft/image/image.h"

namespace graft {

// What random numbers follow from, and nothing else; each step has a stream of its own, so that none moves
// another's.
struct DrawKey {
  std::uint64_t seed = 0, epoch = 0, sample = 0;
};

// The 8-bit picture as the network would see it, cropped, resized and flipped → the same, changed.
Image augment_pixels(Image image, const AugmentOptions& options, const DrawKey& key);

// The normalised picture, 3 × height × width floats of that layout, changed in place.
void augment_normalized(float* image, const Size& picture, BatchLayout layout, const AugmentOptions& options,
                        const DrawKey& key);

}  // namespace graft
