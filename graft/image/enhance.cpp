#include "graft/image/pixel_ops.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "graft/core/error.h"
#include "graft/image/byte_tables.h"

namespace graft {
namespace {

float checked(double factor, const char* function) {
  if (factor >= 0 && factor <= largest_factor) return static_cast<float>(factor);
  throw UsageError(function, "factor " + std::to_string(factor) + " is out of range",
                   "give a number from 0 to 1000000");
}

// Pillow's Image.blend in float32: `without` at factor 0, `value` at factor 1, extrapolated beyond.
std::uint8_t blend(int without, int value, float factor) {
  const float mixed = static_cast<float>(without) + factor * static_cast<float>(value - without);
  const float above = mixed > 0 ? mixed : 0;
  return static_cast<std::uint8_t>(above < 255 ? above : 255);
}

// Pillow's Image.convert("L").
int luma(const std::uint8_t* rgb) { return (rgb[0] * 19595 + rgb[1] * 38470 + rgb[2] * 7471 + 0x8000) >> 16; }

int mean_luma(const Image& image) {
  std::int64_t sum = 0;
  const std::uint8_t* const end = image.data() + image.size_bytes();
  for (const std::uint8_t* pixel = image.data(); pixel != end; pixel += Image::channels) sum += luma(pixel);
  const auto pixels = static_cast<double>(image.size_bytes() / Image::channels);
  return static_cast<int>(static_cast<double>(sum) / pixels + 0.5);
}

// ImageFilter.SMOOTH of one row except its ends: the eight neighbours have weight 1, the pixel 5, of 13.
// Pillow adds in float32; the sum is never near a half, so that integers round alike.
void smooth_row(const std::uint8_t* above, const std::uint8_t* row, const std::uint8_t* below,
                std::size_t bytes, std::uint8_t* out) {
  constexpr std::size_t c = Image::channels;
  for (std::size_t x = c; x + c < bytes; ++x) {
    const int around = above[x - c] + above[x] + above[x + c] + row[x - c] + row[x + c] + below[x - c] +
                       below[x] + below[x + c];
    out[x] = static_cast<std::uint8_t>((2 * (around + 5 * row[x]) + 13) / 26);
  }
}

}  // namespace

void adjust_brightness(Image& image, double factor) {
  const float by = checked(factor, "adjust_brightness");
  map_bytes(image, byte_table([&](int value) { return blend(0, value, by); }));
}

void adjust_saturation(Image& image, double factor) {
  const float by = checked(factor, "adjust_saturation");
  std::uint8_t* const end = image.data() + image.size_bytes();
  for (std::uint8_t* pixel = image.data(); pixel != end; pixel += Image::channels) {
    const int grey = luma(pixel);
    for (std::size_t c = 0; c < Image::channels; ++c) pixel[c] = blend(grey, pixel[c], by);
  }
}

void adjust_contrast(Image& image, double factor) {
  const float by = checked(factor, "adjust_contrast");
  if (image.empty()) return;
  const int mean = mean_luma(image);
  map_bytes(image, byte_table([&](int value) { return blend(mean, value, by); }));
}

void adjust_sharpness(Image& image, double factor) {
  const float by = checked(factor, "adjust_sharpness");
  if (image.height() < 3 || image.width() < 3) return;
  const std::size_t bytes = image.stride();
  std::vector<std::uint8_t> above(image.row(0), image.row(1)), row(bytes), smooth(bytes);
  for (int y = 1; y + 1 < image.height(); ++y) {
    std::uint8_t* const out = image.row(y);
    std::copy_n(out, bytes, row.data());
    smooth_row(above.data(), row.data(), image.row(y + 1), bytes, smooth.data());
    for (std::size_t x = Image::channels; x + Image::channels < bytes; ++x)
      out[x] = blend(smooth[x], row[x], by);
    std::swap(above, row);
  }
}

}  // namespace graft
