// A decoded image → one image of a batch: the tutorial's two pipelines.
#pragma once

#include "graft/core/random.h"
#include "graft/data/augment.h"
#include "graft/data/preprocess.h"
#include "graft/image/image.h"

namespace graft {

// RandomResizedCrop(preprocess.crop) and RandomHorizontalFlip(0.5), still 8-bit: crop × crop × 3.
Image transform_train(const ImageView& image, const Preprocess& preprocess, Random random);

// ToTensor and Normalize: `out` has 3 × height × width floats, planar (one channel after another).
void normalize_to(const ImageView& image, const Preprocess& preprocess, float* out);

// The inverse of normalize_to, rounded and clamped to 8 bits: for displaying a batch.
Image denormalize(const float* planar, int height, int width, const Preprocess& preprocess);

}  // namespace graft
