#include "tests/image/pixels.h"

#include <array>
#include <cstdio>
#include <cstring>

#include "graft/core/files.h"
#include "graft/image/codec.h"
#include "tests/support/test_data.h"

namespace graft::test {

Image formula(int height, int width) {
  Image image(height, width);
  for (std::int64_t y = 0; y < height; ++y) {
    std::uint8_t* out = image.row(static_cast<int>(y));
    for (std::int64_t x = 0; x < width; ++x) {
      *out++ = static_cast<std::uint8_t>(x * 9 + y * 4);
      *out++ = static_cast<std::uint8_t>(x * x + y * 7);
      *out++ = static_cast<std::uint8_t>(x * y * 5 + 31);
    }
  }
  return image;
}

std::string pixel_hash(const ImageView& image) {
  PixelHash hash;
  hash.add(image);
  return hash.text();
}

void PixelHash::add(const ImageView& image) {
  for (int y = 0; y < image.height; ++y) {
    for (const std::uint8_t* p = image.row(y); p != image.row(y) + static_cast<std::size_t>(image.width) * 3;
         ++p) {
      hash_ = (hash_ ^ *p) * 0x100000001b3;
    }
  }
}

std::string PixelHash::text() const {
  std::array<char, 17> text{};
  std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(hash_));
  return text.data();
}

bool equal_pixels(const ImageView& a, const ImageView& b) {
  if (a.height != b.height || a.width != b.width) return false;
  for (int y = 0; y < a.height; ++y) {
    if (std::memcmp(a.row(y), b.row(y), static_cast<std::size_t>(a.width) * 3) != 0) return false;
  }
  return true;
}

nlohmann::json image_golden(const std::string& name) {
  return nlohmann::json::parse(read_text(golden("images") / name));
}

nlohmann::json augment_golden(const std::string& name) {
  return nlohmann::json::parse(read_text(golden("augment") / name));
}

Image augment_picture(const std::string& name) { return read_image(golden("augment") / (name + ".ppm")); }

std::vector<std::uint8_t> golden_file(const std::string& name) {
  return disk().read(golden("images") / "files" / name, 1 << 20);
}

}  // namespace graft::test
