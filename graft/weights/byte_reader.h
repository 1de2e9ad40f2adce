// Sequential reads from untrusted bytes: little-endian numbers and blocks, never past the end. Internal.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "graft/core/error.h"

namespace graft {

class ByteReader {
 public:
  // `where` names the bytes in errors and must outlive the reader. Throws Error at the first byte past the
  // end.
  ByteReader(std::span<const std::uint8_t> bytes, std::string_view where) : bytes_(bytes), where_(where) {}

  std::size_t position() const { return position_; }
  std::size_t left() const { return bytes_.size() - position_; }

  std::span<const std::uint8_t> take(std::uint64_t count) {
    if (count > left()) throw Error(std::string(where_), "is cut short or damaged", "fetch or copy it again");
    const auto piece = bytes_.subspan(position_, static_cast<std::size_t>(count));
    position_ += piece.size();
    return piece;
  }

  std::string_view text(std::uint64_t count) {
    const auto piece = take(count);
    return {reinterpret_cast<const char*>(piece.data()), piece.size()};
  }

  // A little-endian number; signed types are two's complement.
  template <std::integral T>
  T number() {
    std::make_unsigned_t<T> value = 0;
    const auto piece = take(sizeof(T));
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      value = static_cast<std::make_unsigned_t<T>>(value | (static_cast<std::uint64_t>(piece[i]) << (8 * i)));
    }
    return static_cast<T>(value);
  }

 private:
  std::span<const std::uint8_t> bytes_;
  std::string_view where_;
  std::size_t position_ = 0;
};

}  // namespace graft
