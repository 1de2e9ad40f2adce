// Normalizer, normalize_to and denormalize.
#include "graft/data/normalize.h"

#include <cmath>
#include <cstddef>

#include "graft/data/transform.h"

namespace graft {
namespace {

// NaN becomes 0.
std::uint8_t to_byte(float value) {
  if (!(value > 0)) return 0;
  return value >= 255 ? 255 : static_cast<std::uint8_t>(std::lround(value));
}

// One row; `Step` is +3 or −3 bytes, `Stride` the floats from one pixel to the next.
template <std::ptrdiff_t Step, std::size_t Stride, class Tables>
void write_row(const std::uint8_t* pixel, int width, const Tables& tables, float* r, float* g, float* b) {
  for (std::size_t x = 0; x < static_cast<std::size_t>(width) * Stride; x += Stride, pixel += Step) {
    r[x] = tables[0][pixel[0]];
    g[x] = tables[1][pixel[1]];
    b[x] = tables[2][pixel[2]];
  }
}

}  // namespace

Normalizer::Normalizer(const Preprocess& preprocess) {
  for (std::size_t c = 0; c < tables_.size(); ++c) {
    // Rounded to float32 after each operation, as in torchvision.
    for (int value = 0; value < 256; ++value) {
      tables_[c][static_cast<std::size_t>(value)] =
          (static_cast<float>(value) / 255.0F - preprocess.mean[c]) / preprocess.std[c];
    }
  }
}

void Normalizer::write(const ImageView& image, bool flip, BatchLayout layout, float* out) const {
  const auto width = static_cast<std::size_t>(image.width);
  const std::size_t plane = static_cast<std::size_t>(image.height) * width;
  const bool planar = layout == BatchLayout::planar;
  for (int y = 0; y < image.height; ++y) {
    const std::uint8_t* pixel = image.row(y) + (flip ? (width - 1) * Image::channels : 0);
    float* r = out + static_cast<std::size_t>(y) * width * (planar ? 1 : Image::channels);
    float* g = r + (planar ? plane : 1);
    float* b = g + (planar ? plane : 1);
    const auto write_one =
        planar ? (flip ? write_row<-3, 1, decltype(tables_)> : write_row<3, 1, decltype(tables_)>)
               : (flip ? write_row<-3, 3, decltype(tables_)> : write_row<3, 3, decltype(tables_)>);
    write_one(pixel, image.width, tables_, r, g, b);
  }
}

void normalize_to(const ImageView& image, const Preprocess& preprocess, float* out) {
  Normalizer(preprocess).write(image, false, BatchLayout::planar, out);
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
