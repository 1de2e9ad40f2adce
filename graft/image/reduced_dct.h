// The inverse cosine transform of a block of 8 × 8 to fewer pixels: each is the mean of the pixels that it
// stands for, of what the lowest frequencies make of them. The higher ones hardly reach such a mean, and need
// not be known.
#pragma once

#include <cstddef>
#include <cstdint>

namespace graft {

// Frequencies of a block, 8 × 8, row by row, times their quantisation steps; those beyond the first `extent`
// (1–8) rows and columns are 0.
using ReducedTransform = void (*)(const std::int32_t* frequencies, int extent, std::uint8_t* out,
                                  std::size_t stride);

// height, width: 1, 2, 4 or 8, the pixels to make of a block; null for others. Any numbers may be
// transformed.
ReducedTransform reduced_transform(int height, int width);

}  // namespace graft
