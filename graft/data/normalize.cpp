// normalize_to and denormalize.
#include <array>
#include <cmath>
#include <cstddef>

#include "graft/data/transform.h"

namespace graft {
namespace {

// What each of a channel's 256 values becomes, rounded to float32 after each operation as torchvision's are.
using ValueTable = std::array<float, 256>;

ValueTable value_table(float mean, float std) {
  ValueTable table;
  for (int value = 0; value < 256; ++value) {
    table[static_cast<std::size_t>(value)] = (static_cast<float>(value) / 255.0F - mean) / std;
  }
  return table;
}

// NaN becomes 0.
std::uint8_t to_byte(float value) {
  if (!(value > 0)) return 0;
  return value >= 255 ? 255 : static_cast<std::uint8_t>(std::lround(value));
}

}  // namespace

void normalize_to(const ImageView& image, const Preprocess& preprocess, float* out) {
  const ValueTable red = value_table(preprocess.mean[0], preprocess.std[0]);
  const ValueTable green = value_table(preprocess.mean[1], preprocess.std[1]);
  const ValueTable blue = value_table(preprocess.mean[2], preprocess.std[2]);
  const std::size_t plane = static_cast<std::size_t>(image.height) * static_cast<std::size_t>(image.width);
  float* r = out;
  float* g = out + plane;
  float* b = out + 2 * plane;
  for (int y = 0; y < image.height; ++y) {
    const std::uint8_t* pixel = image.row(y);
    for (int x = 0; x < image.width; ++x, pixel += Image::channels) {
      *r++ = red[pixel[0]];
      *g++ = green[pixel[1]];
      *b++ = blue[pixel[2]];
    }
  }
}

Image denormalize(const float* planar, int height, int width, const Preprocess& preprocess) {
  Image image(height, width);
  const std::size_t plane = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
  for (std::size_t c = 0; c < Image::channels; ++c) {
    const float* value = planar + c * plane;
    std::uint8_t* byte = image.data() + c;
    for (std::size_t i = 0; i < plane; ++i) {
      byte[i * Image::channels] = to_byte((value[i] * preprocess.std[c] + preprocess.mean[c]) * 255.0F);
    }
  }
  return image;
}

}  // namespace graft
