// Hashes that are alike where pictures look alike: after other compression, another size or a little more
// light a picture's hash differs from what it was in a few bits of 64, from another picture's in about 32.
#pragma once

#include <array>
#include <cstdint>

#include "graft/image/image.h"

namespace graft {

struct PerceptualHash {
  std::uint64_t bits = 0;
  // Too little is to be seen for the bits to decide (one colour, fog, a sign with two axes of symmetry): not
  // to be compared.
  bool vague = false;
  // The picture grey and 8 × 8, for a second look: see likeness().
  std::array<std::uint8_t, 64> thumbnail{};
};

// pHash as `imagehash.phash` has it (Python package ImageHash 4.3; Zauner, "Implementation and Benchmarking
// of Perceptual Image Hash Functions", 2010), bit for bit: the picture grey, 32 × 32 by Lanczos, its discrete
// cosine transform, and for each of the 8 × 8 lowest frequencies whether it is above their median. Bits row
// by row, the first the highest, so that their hexadecimal digits are ImageHash's. The picture must not be
// empty.
PerceptualHash perceptual_hash(const ImageView& image);

// In how many bits two hashes differ: an even number for most pictures, half of whose bits are set.
int bit_distance(std::uint64_t a, std::uint64_t b);

// The correlation of two thumbnails, −1 to 1, whatever the light and contrast: 0 where one of them is of one
// grey. Tells pictures whose hashes agree by chance from those that look alike.
double likeness(const PerceptualHash& a, const PerceptualHash& b);

}  // namespace graft
