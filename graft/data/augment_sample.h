// Applies AugmentOptions to one sample, in the order of torchvision's reference training
// (ClassificationPresetTrain): after crop and flip, the policy, ColorJitter, [normalisation,] RandomErasing.
#pragma once

#include <cstdint>

#include "graft/data/loader.h"
#include "graft/data/preprocess.h"
#include "graft/image/image.h"

namespace graft {

// The only inputs of the random numbers; each step has its own stream, so that an option does not change
// another's draws.
struct DrawKey {
  std::uint64_t seed = 0, epoch = 0, sample = 0;
};

// Augments the 8-bit image after crop, resize and flip.
Image augment_pixels(Image image, const AugmentOptions& options, const DrawKey& key);

// Augments the normalised image, 3 × height × width floats in that layout, in place.
void augment_normalized(float* image, const Size& picture, BatchLayout layout, const AugmentOptions& options,
                        const DrawKey& key);

}  // namespace graft
