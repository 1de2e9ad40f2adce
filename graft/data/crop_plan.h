// The tutorial's two pipelines as a plan: which part of an image of a known size becomes the network's input,
// and how. Other parts need not be decoded.
#pragma once

#include "graft/core/random.h"
#include "graft/data/preprocess.h"
#include "graft/image/open_image.h"

namespace graft {

struct CropPlan {
  Window box;     // in the image: the part to resize
  Size resized;   // the size after resizing
  Window window;  // the part of the resized image to keep; CenterCrop or padding makes it the input's size
  Window part;    // in the image: the pixels needed
  bool flip = false;
};

// RandomResizedCrop(preprocess.crop, scale=(min_scale, 1)) and RandomHorizontalFlip(0.5).
CropPlan train_plan(const Size& picture, const Preprocess& preprocess, double min_scale, Random random);

// The whole image by preprocess.fit. `place`: the square that Fit::crop keeps, if the resized image is not
// smaller.
CropPlan val_plan(const Size& picture, const Preprocess& preprocess, CropPlace place = CropPlace::centre);

// The largest factor by which decoding may shrink the image in fast mode.
int largest_shrink(const CropPlan& plan);

// The input before the flip, 8-bit, crop × crop × 3. `decoded` must contain plan.part.
Image run_plan(const CropPlan& plan, const DecodedPart& decoded, const Preprocess& preprocess);

// The validation transform of an open image, which decodes only the part needed: crop × crop × 3, 8-bit.
// Throws Error if the file is damaged.
Image read_val(OpenImage& picture, const Preprocess& preprocess, CropPlace place = CropPlace::centre);

// An image of at most crop × crop pixels centred on crop × crop pixels of the mean colour.
Image pad_to_input(const ImageView& image, const Preprocess& preprocess);

}  // namespace graft
