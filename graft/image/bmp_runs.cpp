#include "graft/image/bmp_runs.h"

#include <algorithm>

namespace graft {
namespace {

class RunReader {
 public:
  RunReader(ByteCursor& reader, bool four_bits, std::size_t width, std::span<std::uint8_t> indices)
      : reader_(reader), four_bits_(four_bits), width_(width), indices_(indices) {}

  bool read() {
    while (filled_ < indices_.size()) {
      const auto count = reader_.next();
      const auto value = reader_.next();
      if (!count || !value) return false;
      if (*count > 0) {
        run(*count, *value);
      } else if (!command(*value)) {
        break;
      }
    }
    return filled_ == indices_.size();
  }

 private:
  // A run ends at the end of its row.
  void run(std::size_t count, std::uint8_t value) {
    count = std::min(count, column_ < width_ ? width_ - column_ : 0);
    column_ += count;
    for (std::size_t i = 0; i < count; ++i) {
      push(!four_bits_ ? value : static_cast<std::uint8_t>(i % 2 == 0 ? value >> 4 : value & 15));
    }
  }

  // False at the end of the image.
  bool command(std::uint8_t code) {
    switch (code) {
      case 0:  // end of the row
        while (filled_ % width_ != 0) push(0);
        column_ = 0;
        return true;
      case 1:  // end of the image
        return false;
      case 2:
        return move();
      default:
        return literal(code);
    }
  }

  // Moves right and up; skipped pixels keep colour 0.
  bool move() {
    const auto right = reader_.next();
    const auto up = reader_.next();
    if (!right || !up) return false;
    for (std::size_t i = *right + *up * width_; i > 0 && filled_ < indices_.size(); --i) push(0);
    column_ = filled_ % width_;
    return true;
  }

  // `count` literal pixels, padded to an even number of bytes.
  bool literal(std::size_t count) {
    const std::size_t wanted = std::min(count, indices_.size() - filled_);
    const std::size_t size = four_bits_ ? (wanted + 1) / 2 : wanted;
    const auto bytes = reader_.take(size);
    for (std::size_t i = 0; i < wanted && i / (four_bits_ ? 2 : 1) < bytes.size(); ++i) {
      push(!four_bits_ ? bytes[i]
                       : static_cast<std::uint8_t>(i % 2 == 0 ? bytes[i / 2] >> 4 : bytes[i / 2] & 15));
    }
    column_ += count;
    if (reader_.position() % 2 != 0) reader_.next();
    return bytes.size() == size;
  }

  void push(std::uint8_t index) {
    if (filled_ < indices_.size()) indices_[filled_++] = index;
  }

  ByteCursor& reader_;
  bool four_bits_;
  std::size_t width_;
  std::span<std::uint8_t> indices_;
  std::size_t filled_ = 0;  // pixels written
  std::size_t column_ = 0;
};

}  // namespace

bool unpack_bmp_runs(ByteCursor& reader, bool four_bits, std::size_t width, std::span<std::uint8_t> indices) {
  return RunReader(reader, four_bits, width, indices).read();
}

}  // namespace graft
