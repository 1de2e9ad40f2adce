// An image in memory: 8-bit RGB, row-major, height × width × 3. The output of every decoder and the input of
// every transform.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace graft {

struct Size {
  int height = 0, width = 0;

  bool operator==(const Size&) const = default;
};

// A rectangle of pixels, such as a part of an image.
struct Window {
  int top = 0, left = 0, height = 0, width = 0;

  bool operator==(const Window&) const = default;
};

// A rectangle whose edges may lie between pixels; pixel (y, x) covers [y, y + 1) × [x, x + 1).
struct Box {
  double top = 0, left = 0, height = 0, width = 0;
};

// A non-owning view of a rectangle of pixels. Valid while their owner lives.
struct ImageView {
  const std::uint8_t* data = nullptr;
  int height = 0;
  int width = 0;
  std::size_t stride = 0;  // bytes from one row to the next

  const std::uint8_t* row(int y) const { return data + static_cast<std::size_t>(y) * stride; }
  // The rectangle of `crop_height` × `crop_width` whose top left corner is (top, left); must fit in it.
  ImageView crop(int top, int left, int crop_height, int crop_width) const {
    return {row(top) + static_cast<std::size_t>(left) * 3, crop_height, crop_width, stride};
  }
};

// The order of a pixel's three bytes. An ImageView is RGB unless a function also takes a PixelOrder; OpenCV's
// images are BGR.
enum class PixelOrder { rgb, bgr };

class Image {
 public:
  static constexpr int channels = 3;

  Image() = default;
  // Pixels are not initialised. height and width ≥ 0.
  Image(int height, int width);

  int height() const { return height_; }
  int width() const { return width_; }
  bool empty() const { return height_ == 0 || width_ == 0; }
  std::size_t stride() const { return static_cast<std::size_t>(width_) * channels; }
  std::size_t size_bytes() const { return stride() * static_cast<std::size_t>(height_); }
  std::uint8_t* data() { return pixels_.get(); }
  const std::uint8_t* data() const { return pixels_.get(); }
  std::uint8_t* row(int y) { return pixels_.get() + static_cast<std::size_t>(y) * stride(); }
  const std::uint8_t* row(int y) const { return pixels_.get() + static_cast<std::size_t>(y) * stride(); }
  ImageView view() const { return {pixels_.get(), height_, width_, stride()}; }
  Image clone() const;

 private:
  int height_ = 0;
  int width_ = 0;
  std::unique_ptr<std::uint8_t[]> pixels_;
};

}  // namespace graft
