// Images from a formula, hashes of pixels, and goldens: the C++ counterpart of tools/goldens/images.py.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "graft/image/image.h"

namespace graft::test {

// The formula image of tools/goldens/images.py.
Image formula(int height, int width);

// FNV-1a, 64 bits, over the RGB bytes row by row, as 16 hexadecimal digits.
std::string pixel_hash(const ImageView& image);

// The same over several images in sequence.
class PixelHash {
 public:
  void add(const ImageView& image);
  std::string text() const;

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325;
};

bool equal_pixels(const ImageView& a, const ImageView& b);

// tests/golden/images/NAME, parsed.
nlohmann::json image_golden(const std::string& name);

// tests/golden/augment/NAME, parsed, and an image of that folder ("soft", "dull", "rough", "colors").
nlohmann::json augment_golden(const std::string& name);
Image augment_picture(const std::string& name);

// The bytes of tests/golden/images/files/NAME.
std::vector<std::uint8_t> golden_file(const std::string& name);

}  // namespace graft::test
