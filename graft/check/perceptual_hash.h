// Perceptual hashes: with another compression, another size or slightly different brightness, a picture's
// hash differs in a few of 64 bits; the hashes of different pictures differ in about 32.
#pragma once

#include <array>
#include <cstdint>

#include "graft/image/image.h"

namespace graft {

struct PerceptualHash {
  std::uint64_t bits = 0;
  // Too little content for a meaningful hash (one colour, fog, a sign with two axes of symmetry): not
  // compared.
  bool vague = false;
  // The image in grey, 8 × 8, for likeness().
  std::array<std::uint8_t, 64> thumbnail{};
};

// pHash, equal bit for bit to `imagehash.phash` (Python package ImageHash 4.3; Zauner, "Implementation and
// Benchmarking of Perceptual Image Hash Functions", 2010): the image in grey, resized to 32 × 32 by Lanczos,
// its discrete cosine transform, and for each of the 8 × 8 lowest frequencies whether it is above their
// median. Bits row by row, the first the highest, so that the hexadecimal digits equal ImageHash's. The image
// must not be empty.
PerceptualHash perceptual_hash(const ImageView& image);

// The number of bits in which two hashes differ. Even for most pictures, because half of their bits are set.
int bit_distance(std::uint64_t a, std::uint64_t b);

// The correlation of two thumbnails, −1 to 1, independent of brightness and contrast; 0 if one of them is
// uniform. Distinguishes pictures whose hashes agree by chance from pictures that look alike.
double likeness(const PerceptualHash& a, const PerceptualHash& b);

}  // namespace graft
