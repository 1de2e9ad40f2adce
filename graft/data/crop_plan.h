// The two pipelines of the tutorial as a plan: which part of a picture of a known size becomes the network's
// input, and how. So what is not in use need not be decoded.
#pragma once

#include "graft/core/random.h"
#include "graft/data/preprocess.h"
#include "graft/image/open_image.h"

namespace graft {

struct CropPlan {
  Window box;    // of the picture: what is resized
  Size resized;  // to this
  Window
      window;   // of which this is kept; where it is not the input's size, CenterCrop or padding makes it so
  Window part;  // of the picture: the pixels that this takes
  bool flip = false;
};

// RandomResizedCrop(preprocess.crop, scale=(min_scale, 1)) and RandomHorizontalFlip(0.5).
CropPlan train_plan(const Size& picture, const Preprocess& preprocess, double min_scale, Random random);

// The whole picture as preprocess.fit says. `place`: of the square that Fit::crop takes, where the resized
// picture is not smaller.
CropPlan val_plan(const Size& picture, const Preprocess& preprocess, CropPlace place = CropPlace::centre);

// How much the picture may be shrunk while it is decoded, in fast mode.
int largest_shrink(const CropPlan& plan);

// The input, 8-bit, crop × crop × 3; not yet flipped. `decoded` holds at least plan.part.
Image run_plan(const CropPlan& plan, const DecodedPart& decoded, const Preprocess& preprocess);

// The validation transform of an open picture, of which only what it takes is decoded: crop × crop × 3,
// 8-bit. Throws the Error of a damaged file.
Image read_val(OpenImage& picture, const Preprocess& preprocess, CropPlace place = CropPlace::centre);

// A picture of at most crop × crop pixels in the middle of crop × crop of the mean colour.
Image pad_to_input(const ImageView& image, const Preprocess& preprocess);

}  // namespace graft
