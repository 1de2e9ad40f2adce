// Makes long inputs from short ones by repeating a piece, to find parsers that are slower than linear.
#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <span>

#include "fuzz/target.h"

namespace graft::fuzz {

// The largest input, which must be read within a second (run.py's LONGEST). Bytes.
inline constexpr std::size_t longest = 1 << 20;

// `bytes` with a piece of 1 to 64 of its bytes repeated in place until it has about `size` bytes; never more,
// unless `bytes` already has.
inline Bytes stretched(std::span<const std::uint8_t> bytes, std::size_t size, std::minstd_rand& random) {
  if (bytes.empty()) return {};
  const auto below = [&](std::size_t bound) { return std::size_t{random()} % bound; };
  const std::size_t begin = below(bytes.size());
  const std::size_t length = std::min(1 + below(64), bytes.size() - begin);
  const auto piece = bytes.subspan(begin, length);
  Bytes result(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(begin));
  for (std::size_t room = size - std::min(size, bytes.size() - length); room >= length; room -= length)
    result.insert(result.end(), piece.begin(), piece.end());
  result.insert(result.end(), bytes.begin() + static_cast<std::ptrdiff_t>(begin + length), bytes.end());
  return result;
}

}  // namespace graft::fuzz
