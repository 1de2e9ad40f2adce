// The bits of a JPEG's entropy-coded data, highest first, without the zero bytes stuffed behind 0xff. Stops
// at a marker and at the end of the bytes: from there on all bits are 0, and `left` goes below 0 when more
// are taken than there were. Nothing is ever read beyond the bytes.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace graft {

class CodeBits {
 public:
  static constexpr int after_refill = 56;  // bits that are at hand then, where there are as many

  explicit CodeBits(std::span<const std::uint8_t> bytes) : next_(bytes.data()), end_(next_ + bytes.size()) {}

  // Eight bytes at once where none of them is 0xff.
  void refill() {
    if (end_ - next_ >= 8) {
      std::uint64_t bytes;
      std::memcpy(&bytes, next_, 8);
      if constexpr (std::endian::native == std::endian::little) bytes = __builtin_bswap64(bytes);
      // Some byte of ~bytes is 0.
      if (((~bytes - 0x0101010101010101U) & bytes & 0x8080808080808080U) == 0) [[likely]] {
        // Bits of a byte that has no room as a whole come too; they will come again, to the same place.
        bits_ |= bytes >> left_;
        next_ += (63 - left_) >> 3;
        left_ |= 56;
        return;
      }
    }
    refill_bytewise();
  }

  // count: 1–16.
  std::uint32_t peek(int count) const { return static_cast<std::uint32_t>(bits_ >> (64 - count)); }
  // `count` bits behind the next `skipped`. count: 1–16.
  std::uint32_t peek_behind(int skipped, int count) const {
    return static_cast<std::uint32_t>(bits_ << skipped >> (64 - count));
  }
  // count: 0–63.
  void take(int count) {
    bits_ <<= count;
    left_ -= count;
  }
  bool ran_out() const { return left_ < 0; }

  // Whether all bits were taken but those that fill the last byte, and `marker` follows. If so goes on behind
  // it.
  bool pass_marker(std::uint8_t marker) {
    if (left_ < 0 || left_ >= 8 || end_ - next_ < 2 || next_[0] != 0xff || next_[1] != marker) return false;
    next_ += 2;
    bits_ = 0;
    left_ = 0;
    return true;
  }

 private:
  void refill_bytewise() {
    while (left_ < after_refill && next_ != end_) {
      if (next_[0] == 0xff && (end_ - next_ < 2 || next_[1] != 0)) return;
      bits_ |= static_cast<std::uint64_t>(next_[0]) << (56 - left_);
      left_ += 8;
      next_ += next_[0] == 0xff ? 2 : 1;
    }
  }

  const std::uint8_t* next_;
  const std::uint8_t* end_;
  std::uint64_t bits_ = 0;
  int left_ = 0;  // bits of bits_ that count, from the highest on; below 0 only where no byte can follow
};

}  // namespace graft
