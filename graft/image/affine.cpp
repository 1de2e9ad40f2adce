#include "graft/image/pixel_ops.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace graft {
namespace {

// Output (x, y) is the input at (xx · x + xy · y + x0, yx · x + yy · y + y0), both measured from the top left
// corner of pixel (0, 0).
struct Affine {
  double xx = 1, xy = 0, x0 = 0, yx = 0, yy = 1, y0 = 0;
};

std::int64_t fixed(double value) { return static_cast<std::int64_t>(std::floor(value * 65536.0 + 0.5)); }

// Pillow's ImagingTransformAffine. Pillow uses other code paths for whole shifts, half turns and quarter
// turns of squares, with the same pixels.
Image transform(const ImageView& image, const Affine& matrix) {
  Image out(image.height, image.width);
  const std::int64_t right_x = fixed(matrix.xx), right_y = fixed(matrix.yx);
  const std::int64_t down_x = fixed(matrix.xy), down_y = fixed(matrix.yy);
  std::int64_t row_x = fixed(matrix.x0 + matrix.xx * 0.5 + matrix.xy * 0.5);
  std::int64_t row_y = fixed(matrix.y0 + matrix.yx * 0.5 + matrix.yy * 0.5);
  for (int y = 0; y < image.height; ++y, row_x += down_x, row_y += down_y) {
    std::uint8_t* to = out.row(y);
    std::int64_t x_at = row_x, y_at = row_y;
    for (int x = 0; x < image.width; ++x, to += Image::channels, x_at += right_x, y_at += right_y) {
      const std::int64_t from_x = x_at >> 16, from_y = y_at >> 16;
      const bool inside = from_x >= 0 && from_x < image.width && from_y >= 0 && from_y < image.height;
      if (inside) {
        const std::uint8_t* from =
            image.row(static_cast<int>(from_y)) + static_cast<std::size_t>(from_x) * Image::channels;
        to[0] = from[0], to[1] = from[1], to[2] = from[2];
      } else {
        to[0] = to[1] = to[2] = 0;
      }
    }
  }
  return out;
}

double radians(double degrees) { return degrees * (std::numbers::pi / 180.0); }

// torchvision converts the slope's angle to degrees and back to radians.
double angle_of(double slope) { return radians(std::atan(slope) * (180.0 / std::numbers::pi)); }

// As Python's round(value, 15), for values from −1 to 1.
double rounded(double value) { return std::nearbyint(value * 1e15) / 1e15; }

}  // namespace

Image shear_x(const ImageView& image, double slope) {
  return transform(image, {.xy = std::tan(angle_of(slope))});
}

Image shear_y(const ImageView& image, double slope) {
  const double angle = angle_of(slope);
  return transform(image, {.yx = std::sin(angle) / std::cos(angle)});
}

Image translate(const ImageView& image, int right, int down) {
  return transform(image, {.x0 = -static_cast<double>(right), .y0 = -static_cast<double>(down)});
}

Image rotate(const ImageView& image, double degrees) {
  double turn = std::fmod(degrees, 360.0);
  if (turn < 0) turn += 360.0;
  const double angle = -radians(turn);
  Affine matrix;
  matrix.xx = matrix.yy = rounded(std::cos(angle));
  matrix.xy = rounded(std::sin(angle));
  matrix.yx = rounded(-std::sin(angle));
  const double x = image.width / 2.0, y = image.height / 2.0;
  matrix.x0 = matrix.xx * -x + matrix.xy * -y + 0.0 + x;
  matrix.y0 = matrix.yx * -x + matrix.yy * -y + 0.0 + y;
  return transform(image, matrix);
}

}  // namespace graft
