// The two passes of a resize over 8-bit RGB rows. Checks are the caller's.
#pragma once

#include "graft/image/filter_taps.h"
#include "graft/image/image.h"

namespace graft {

// Every row of `image` resampled along x: height × taps.outputs().
Image resample_horizontal(const ImageView& image, const FilterTaps& taps);

// Every column of `image` resampled along y: taps.outputs() × width.
Image resample_vertical(const ImageView& image, const FilterTaps& taps);

// resample_horizontal, then resample_vertical of that, row by row: what lies between is a few rows that stay
// in the cache. Both passes round to 8 bits, as if they were apart.
Image resample_across_and_down(const ImageView& image, const FilterTaps& across, const FilterTaps& down);

}  // namespace graft
