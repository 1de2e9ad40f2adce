// The two passes of a resize over 8-bit RGB rows. Checks are the caller's.
#pragma once

#include "graft/image/filter_taps.h"
#include "graft/image/image.h"

namespace graft {

// Every row of `image` resampled along x: height × taps.outputs().
Image resample_horizontal(const ImageView& image, const FilterTaps& taps);

// Every column of `image` resampled along y: taps.outputs() × width.
Image resample_vertical(const ImageView& image, const FilterTaps& taps);

}  // namespace graft
