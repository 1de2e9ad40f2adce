#include "graft/data/augment.h"

#include <algorithm>
#include <cmath>

#include "graft/data/box_draws.h"

namespace graft {

CropBox random_resized_crop(int height, int width, const RandomResizedCropOptions& options, Random& random) {
  const double log_ratio_min = std::log(options.ratio_min), log_ratio_max = std::log(options.ratio_max);
  for (int i = 0; i < box_tries; ++i) {
    const double scale = random.uniform(options.scale_min, options.scale_max);
    const double aspect_ratio = std::exp(random.uniform(log_ratio_min, log_ratio_max));
    if (const auto size = crop_size(height, width, scale, aspect_ratio)) {
      const int top = draw_position(height - size->height, random);
      const int left = draw_position(width - size->width, random);
      return {top, left, size->height, size->width};
    }
  }
  return fallback_crop(height, width, options);
}

std::optional<CropSize> crop_size(int height, int width, double scale, double aspect_ratio) {
  const double area = static_cast<double>(height) * width * scale;
  const CropSize size{round_to_int(std::sqrt(area / aspect_ratio)),
                      round_to_int(std::sqrt(area * aspect_ratio))};
  const bool fits = size.height > 0 && size.height <= height && size.width > 0 && size.width <= width;
  return fits ? std::optional(size) : std::nullopt;
}

CropBox fallback_crop(int height, int width, const RandomResizedCropOptions& options) {
  const double ratio = static_cast<double>(width) / height;
  CropSize size{height, width};
  if (ratio < options.ratio_min) size.height = std::max(1, round_to_int(width / options.ratio_min));
  if (ratio > options.ratio_max) size.width = std::max(1, round_to_int(height * options.ratio_max));
  return {(height - size.height) / 2, (width - size.width) / 2, size.height, size.width};
}

}  // namespace graft
