#include "tests/data/pictures.h"

#include "graft/core/files.h"
#include "tests/support/test_data.h"

namespace graft::test {

Image formula_picture(int height, int width, int seed) {
  Image image(height, width);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < 3; ++c) {
        image.row(y)[x * 3 + c] = static_cast<std::uint8_t>(x * 7 + y * 13 + c * 61 + x * y / 3 + seed);
      }
    }
  }
  return image;
}

std::string ppm(const Image& image) {
  const std::string header =
      "P6\n" + std::to_string(image.width()) + " " + std::to_string(image.height()) + "\n255\n";
  return header + std::string(reinterpret_cast<const char*>(image.data()), image.size_bytes());
}

std::string ppm(int height, int width, int seed) { return ppm(formula_picture(height, width, seed)); }

std::string golden_ppm(const std::string& name) { return read_text(golden(("data/" + name).c_str())); }

Preprocess preprocess_of(int resize, int crop, Interpolation interpolation) {
  Preprocess preprocess;
  preprocess.resize = resize;
  preprocess.crop = crop;
  preprocess.interpolation = interpolation;
  return preprocess;
}

}  // namespace graft::test
