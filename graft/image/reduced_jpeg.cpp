#include "graft/image/reduced_jpeg.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "graft/image/code_bits.h"
#include "graft/image/reduced_block.h"
#include "graft/image/ycc.h"

namespace graft {
namespace {

constexpr int most_blocks = 10;  // of an MCU (ITU-T T.81, B.2.3)
constexpr std::uint8_t first_restart = 0xd0, end_of_image = 0xd9;

int ceil_div(int a, int b) { return (a + b - 1) / b; }

// One more than the index of the last frequency among the first `height` rows and `width` columns.
int frequencies_of(int height, int width) {
  int count = 0;
  for (int i = 0; i < 64; ++i) {
    const int place = zigzag[static_cast<std::size_t>(i)];
    if (place / 8 < height && place % 8 < width) count = i + 1;
  }
  return count;
}

class ReducedDecoder {
 public:
  ReducedDecoder(const JpegScan& scan, const Window& part, int shrink)
      : scan_(scan), part_(part), block_(8 / shrink), bits_(scan.codes) {}

  bool prepare() {
    const bool grey = scan_.components.size() == 1;
    if (!grey && scan_.components.size() != 3) return false;
    int blocks = 0;
    for (const JpegScanComponent& component : scan_.components) {
      if (std::min(component.across, component.down) < 1 || std::max(component.across, component.down) > 2)
        return false;
      across_ = std::max(across_, grey ? 1 : component.across);
      down_ = std::max(down_, grey ? 1 : component.down);
      blocks += component.across * component.down;
    }
    if (blocks > most_blocks) return false;
    rows_ = ceil_div(scan_.size.height, 8 * down_);
    columns_ = ceil_div(scan_.size.width, 8 * across_);
    first_ = part_.left / (across_ * block_);
    end_ = ceil_div(part_.left + part_.width, across_ * block_);
    return std::all_of(scan_.components.begin(), scan_.components.end(),
                       [&](const JpegScanComponent& component) { return add(component, grey); });
  }

  std::optional<Image> run() {
    Image pixels(part_.height, part_.width);
    const int tall = down_ * block_;
    for (int row = 0; row < rows_; ++row) {
      const bool needed = (row + 1) * tall > part_.top && row * tall < part_.top + part_.height;
      if (!read_row(needed)) return {};
      if (needed) write(row * tall, pixels);
    }
    if (!bits_.pass_marker(end_of_image)) return {};
    return pixels;
  }

 private:
  bool add(const JpegScanComponent& from, bool grey) {
    auto dc = HuffmanTable::of(from.dc, HuffmanTable::Kind::dc);
    auto ac = HuffmanTable::of(from.ac, HuffmanTable::Kind::ac);
    if (!dc || !ac) return false;
    ReducedComponent to{.dc = std::move(*dc), .ac = std::move(*ac)};
    for (std::size_t i = 0; i < 64; ++i) to.steps[i] = from.steps[zigzag[i]];
    // The blocks of a picture of one component stand in simple order, whatever its factors. With fewer blocks
    // to an MCU each of them is made larger, so that all components have the same pixels.
    to.across = grey ? 1 : from.across;
    to.down = grey ? 1 : from.down;
    to.height = block_ * down_ / to.down;
    to.width = block_ * across_ / to.across;
    to.frequencies = frequencies_of(to.height, to.width);
    to.transform = reduced_transform(to.height, to.width);
    to.stride = static_cast<std::size_t>(end_ - first_) * static_cast<std::size_t>(across_ * block_);
    to.pixels.resize(to.stride * static_cast<std::size_t>(down_ * block_));
    components_.push_back(std::move(to));
    return true;
  }

  bool read_row(bool needed) {
    CodeBits bits = bits_;  // a copy, for the processor to keep at hand
    for (int column = 0; column < columns_; ++column) {
      if (until_restart_ == 0 && !restart(bits)) return false;
      --until_restart_;
      if (!read_mcu(bits, needed && column >= first_ && column < end_ ? column - first_ : -1)) return false;
    }
    bits_ = bits;
    return !bits.ran_out();
  }

  // place: among the columns that are needed; −1: not needed.
  [[gnu::always_inline]] inline bool read_mcu(CodeBits& bits, int place) {
    for (ReducedComponent& component : components_) {
      for (int y = 0; y < component.down; ++y) {
        for (int x = 0; x < component.across; ++x) {
          std::uint8_t* out = nullptr;
          if (place >= 0) {
            out = component.pixels.data() +
                  static_cast<std::size_t>(y * component.height) * component.stride +
                  static_cast<std::size_t>((place * component.across + x) * component.width);
          }
          if (!read_block(bits, component, out)) return false;
        }
      }
    }
    return true;
  }

  // Before the first MCU, and wherever a restart is due.
  bool restart(CodeBits& bits) {
    if (scan_.restart_interval == 0) {
      until_restart_ = static_cast<std::int64_t>(rows_) * columns_;
      return true;
    }
    until_restart_ = scan_.restart_interval;
    if (restarts_++ == 0) return true;
    for (ReducedComponent& component : components_) component.last_dc = 0;
    return bits.pass_marker(static_cast<std::uint8_t>(first_restart + (restarts_ - 2) % 8));
  }

  // The row of MCUs whose first row of pixels is `top`.
  void write(int top, Image& pixels) const {
    const auto left = static_cast<std::size_t>(part_.left - first_ * across_ * block_);
    const auto width = static_cast<std::size_t>(part_.width);
    const int end = std::min(top + down_ * block_, part_.top + part_.height);
    for (int y = std::max(top, part_.top); y < end; ++y) {
      std::uint8_t* rgb = pixels.row(y - part_.top);
      const auto values = [&](std::size_t i) {
        return components_[i].pixels.data() + static_cast<std::size_t>(y - top) * components_[i].stride +
               left;
      };
      if (components_.size() == 1) {
        grey_to_rgb(values(0), width, rgb);
      } else {
        ycc_to_rgb(values(0), values(1), values(2), width, rgb);
      }
    }
  }

  const JpegScan& scan_;
  Window part_;
  int block_;                   // pixels of a block of the component with the most of them
  int across_ = 1, down_ = 1;   // blocks of it in an MCU
  int rows_ = 0, columns_ = 0;  // MCUs
  int first_ = 0, end_ = 0;     // columns of MCUs that are needed
  std::vector<ReducedComponent> components_;
  CodeBits bits_;
  std::int64_t until_restart_ = 0;  // MCUs
  std::uint32_t restarts_ = 0;
};

}  // namespace

std::optional<Image> decode_reduced(const JpegScan& scan, const Window& part, int shrink) {
  if (shrink != 2 && shrink != 4 && shrink != 8) return {};
  const auto inside = [&](int begin, int extent, int side) {
    return begin >= 0 && extent > 0 && begin + extent <= ceil_div(side, shrink);
  };
  if (!inside(part.top, part.height, scan.size.height) || !inside(part.left, part.width, scan.size.width))
    return {};
  ReducedDecoder decoder(scan, part, shrink);
  if (!decoder.prepare()) return {};
  return decoder.run();
}

}  // namespace graft
