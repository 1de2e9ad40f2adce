// The two passes of a resize over 8-bit RGB rows. The caller checks the arguments.
#pragma once

#include "graft/image/filter_taps.h"
#include "graft/image/image.h"

namespace graft {

// Resamples every row of `image` along x: height × taps.outputs().
Image resample_horizontal(const ImageView& image, const FilterTaps& taps);

// Resamples every column of `image` along y: taps.outputs() × width.
Image resample_vertical(const ImageView& image, const FilterTaps& taps);

// resample_horizontal and then resample_vertical, row by row: the intermediate result is a few rows, which
// stay in the cache. Both passes round to 8 bits, as separate passes do.
Image resample_across_and_down(const ImageView& image, const FilterTaps& across, const FilterTaps& down);

}  // namespace graft
