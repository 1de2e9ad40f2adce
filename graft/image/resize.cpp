#include "graft/image/resize.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <utility>

#include "graft/core/error.h"
#include "graft/image/resample.h"

namespace graft {
namespace {

void check(const ImageView& image, int height, int width) {
  if (image.height < 1 || image.width < 1) throw UsageError("resize", "the picture is empty");
  if (height < 1 || width < 1) {
    throw UsageError("resize",
                     "a size of " + std::to_string(width) + " x " + std::to_string(height) + " is too small",
                     "use at least 1 x 1");
  }
}

Image copy_of(const ImageView& view) {
  Image out(view.height, view.width);
  for (int y = 0; y < view.height; ++y) std::memcpy(out.row(y), view.row(y), out.stride());
  return out;
}

// One axis of a resize: the part of the input that is used, and the taps over it.
struct Axis {
  int begin = 0, size = 0;
  bool unchanged = false;  // same size: no taps; the part is the output
  FilterTaps taps;
};

bool is_unchanged(const AxisResize& axis) { return axis.start == 0 && axis.extent == axis.out_size; }

InputRange inputs_of(const AxisResize& axis, Interpolation interpolation) {
  return is_unchanged(axis) ? InputRange{axis.begin, axis.begin + axis.outputs}
                            : input_range(axis, interpolation);
}

// The axis at offset `from` in an image of `available` pixels. Taps are counted from the box's first pixel,
// so that they are the same for every position of the box.
Axis axis_of(double from, double extent, int out_size, int begin, int outputs, int available,
             Interpolation interpolation) {
  const double whole = std::floor(from);
  const AxisResize axis{from - whole, extent, out_size, begin, outputs};
  const InputRange inputs = inputs_of(axis, interpolation);
  const int first = inputs.first + static_cast<int>(whole), size = inputs.end - inputs.first;
  if (first < 0 || size < 1 || size > available - first)
    throw UsageError("resize", "the window needs pixels outside the picture");
  if (is_unchanged(axis)) return {first, size, true, {}};
  FilterTaps taps = filter_taps(axis, interpolation);
  for (int& input : taps.first) input -= inputs.first;
  return {first, size, false, std::move(taps)};
}

// Each pass rounds to 8 bits, so their order matters. This is the order of Pillow 13; older versions always
// start with the rows.
bool vertical_first(const Box& from, const Size& to) {
  const double rows_lost = from.height - to.height;
  return rows_lost > 0 && rows_lost > (from.width - to.width) * 2;
}

// Python's round(n / 2): halves round to the even neighbour.
int round_half(int n) { return n / 2 + (n % 2 != 0 && (n / 2) % 2 != 0 ? 1 : 0); }

// `image` centred on a black image of at least size × size (torchvision's pad: the odd pixel goes to the
// right and to the bottom).
Image pad_to(const ImageView& image, int size) {
  Image out(std::max(image.height, size), std::max(image.width, size));
  std::memset(out.data(), 0, out.size_bytes());
  const int top = (out.height() - image.height) / 2;
  const auto left = static_cast<std::size_t>((out.width() - image.width) / 2);
  for (int y = 0; y < image.height; ++y) {
    std::memcpy(out.row(top + y) + left * 3, image.row(y), static_cast<std::size_t>(image.width) * 3);
  }
  return out;
}

}  // namespace

const char* to_string(Interpolation interpolation) {
  switch (interpolation) {
    case Interpolation::bicubic:
      return "bicubic";
    case Interpolation::lanczos:
      return "lanczos";
    default:
      return "bilinear";
  }
}

Interpolation interpolation_from(const char* name) {
  for (const Interpolation known : {Interpolation::bilinear, Interpolation::bicubic}) {
    if (std::strcmp(name, to_string(known)) == 0) return known;
  }
  throw UsageError("interpolation", std::string("unknown interpolation ") + name, "use bilinear or bicubic");
}

Image resize(const ImageView& image, int height, int width, Interpolation interpolation) {
  return resize_window(image, height, width, {0, 0, height, width}, interpolation);
}

Image resize_window(const ImageView& image, int height, int width, const Window& window,
                    Interpolation interpolation) {
  check(image, height, width);
  const Box whole{0, 0, static_cast<double>(image.height), static_cast<double>(image.width)};
  return resize_box(image, whole, height, width, window, interpolation);
}

Image resize_box(const ImageView& image, const Box& box, int height, int width, const Window& window,
                 Interpolation interpolation) {
  check(image, height, width);
  check(image, window.height, window.width);
  if (window.top < 0 || window.left < 0 || window.top > height - window.height ||
      window.left > width - window.width) {
    throw UsageError("resize", "the window is not inside the resized picture");
  }
  const Axis down =
      axis_of(box.top, box.height, height, window.top, window.height, image.height, interpolation);
  const Axis across =
      axis_of(box.left, box.width, width, window.left, window.width, image.width, interpolation);
  const ImageView needed = image.crop(down.begin, across.begin, down.size, across.size);
  if (down.unchanged && across.unchanged) return copy_of(needed);
  if (down.unchanged) return resample_horizontal(needed, across.taps);
  if (across.unchanged) return resample_vertical(needed, down.taps);
  if (vertical_first(box, {height, width})) {
    return resample_horizontal(resample_vertical(needed, down.taps).view(), across.taps);
  }
  return resample_across_and_down(needed, across.taps, down.taps);
}

Window resize_source(const Size& from, const Size& to, const Window& window, Interpolation interpolation) {
  const InputRange down =
      inputs_of({0, static_cast<double>(from.height), to.height, window.top, window.height}, interpolation);
  const InputRange across =
      inputs_of({0, static_cast<double>(from.width), to.width, window.left, window.width}, interpolation);
  return {down.first, across.first, down.end - down.first, across.end - across.first};
}

Window center_window(const Size& picture, int size) {
  return {round_half(picture.height - size), round_half(picture.width - size), size, size};
}

Size shorter_side_size(int height, int width, int size) {
  // In double, as in Python: size * long / short.
  const auto longer = [size](int long_side, int short_side) {
    return static_cast<int>(static_cast<double>(size) * long_side / short_side);
  };
  return width <= height ? Size{longer(height, width), size} : Size{size, longer(width, height)};
}

Image resize_shorter_side(const ImageView& image, int size, Interpolation interpolation) {
  check(image, size, size);
  const Size resized = shorter_side_size(image.height, image.width, size);
  return resize(image, resized.height, resized.width, interpolation);
}

Image center_crop(const ImageView& image, int size) {
  check(image, size, size);
  if (image.height < size || image.width < size) return center_crop(pad_to(image, size).view(), size);
  const Window window = center_window({image.height, image.width}, size);
  return copy_of(image.crop(window.top, window.left, size, size));
}

Image resize_and_center_crop(const ImageView& image, int size, int crop, Interpolation interpolation) {
  check(image, size, size);
  check(image, crop, crop);
  if (crop > size) return center_crop(resize_shorter_side(image, size, interpolation).view(), crop);
  const Size resized = shorter_side_size(image.height, image.width, size);
  return resize_window(image, resized.height, resized.width, center_window(resized, crop), interpolation);
}

Image flip_horizontal(const ImageView& image) {
  Image out(image.height, image.width);
  for (int y = 0; y < image.height; ++y) {
    const std::uint8_t* from = image.row(y);
    std::uint8_t* to = out.row(y) + out.stride();
    for (int x = 0; x < image.width; ++x, from += 3) {
      to -= 3;
      std::memcpy(to, from, 3);
    }
  }
  return out;
}

}  // namespace graft
