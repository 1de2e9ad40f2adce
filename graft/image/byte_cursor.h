// Sequential reads from a file in memory, for the formats that graft parses itself. Never reads out of
// bounds.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace graft {

class ByteCursor {
 public:
  explicit ByteCursor(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  std::size_t position() const { return position_; }
  std::size_t left() const { return bytes_.size() - position_; }
  // A position beyond the end is clamped to the end.
  void seek(std::size_t position) { position_ = position < bytes_.size() ? position : bytes_.size(); }

  std::optional<std::uint8_t> next() {
    if (left() == 0) return std::nullopt;
    return bytes_[position_++];
  }
  // The next `count` bytes, or fewer at the end.
  std::span<const std::uint8_t> take(std::size_t count) {
    const auto taken = bytes_.subspan(position_, count < left() ? count : left());
    position_ += taken.size();
    return taken;
  }

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t position_ = 0;
};

inline std::uint32_t little_endian(std::span<const std::uint8_t> bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | bytes[i];
  return value;
}

}  // namespace graft
