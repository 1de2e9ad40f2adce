#include "graft/data/random_erasing.h"

#include <algorithm>
#include <cmath>

#include "graft/data/box_draws.h"

namespace graft {

std::optional<Window> random_erasing(const Size& picture, const RandomErasingOptions& options,
                                     Random& random) {
  if (random.uniform() >= options.probability) return std::nullopt;
  const double log_ratio_min = std::log(options.ratio_min), log_ratio_max = std::log(options.ratio_max);
  for (int i = 0; i < box_tries; ++i) {
    const double scale = random.uniform(options.scale_min, options.scale_max);
    const double aspect_ratio = std::exp(random.uniform(log_ratio_min, log_ratio_max));
    if (const auto size = erased_size(picture, scale, aspect_ratio)) {
      const int top = draw_position(picture.height - size->height, random);
      const int left = draw_position(picture.width - size->width, random);
      return Window{top, left, size->height, size->width};
    }
  }
  return std::nullopt;
}

std::optional<Size> erased_size(const Size& picture, double scale, double aspect_ratio) {
  const double area = static_cast<double>(picture.height) * picture.width * scale;
  const Size size{round_to_int(std::sqrt(area * aspect_ratio)), round_to_int(std::sqrt(area / aspect_ratio))};
  const bool fits = size.height < picture.height && size.width < picture.width;
  return fits ? std::optional(size) : std::nullopt;
}

void erase(float* image, const Size& picture, BatchLayout layout, const Window& window) {
  const bool planar = layout == BatchLayout::planar;
  const std::size_t planes = planar ? Image::channels : 1, floats = planar ? 1 : Image::channels;
  const std::size_t row = static_cast<std::size_t>(picture.width) * floats;
  const std::size_t plane = static_cast<std::size_t>(picture.height) * row;
  for (std::size_t p = 0; p < planes; ++p) {
    float* const first = image + p * plane + static_cast<std::size_t>(window.left) * floats;
    for (int y = window.top; y < window.top + window.height; ++y) {
      std::fill_n(first + static_cast<std::size_t>(y) * row, static_cast<std::size_t>(window.width) * floats,
                  0.0F);
    }
  }
}

}  // namespace graft
