// Shared by the fuzz targets. A target is one function over arbitrary bytes, run(), which must return within
// a second. Bad bytes must end in a graft::Error; any other exception is a finding, and so is an Error whose
// message cannot be printed as one line.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <span>
#include <string_view>
#include <vector>

#include "graft/core/error.h"
#include "graft/image/image.h"

// libFuzzer's entry point: calls run() within its time limit (entry.cpp).
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace graft::fuzz {

// The target.
void run(std::span<const std::uint8_t> input);

using Bytes = std::vector<std::uint8_t>;

// Small, so that an execution is short and the limit is often reached.
inline constexpr std::uint64_t max_pixels = 1 << 14;

[[noreturn]] inline void finding(const char* what, const char* detail = "") {
  std::fprintf(stderr, "finding: %s %s\n", what, detail);
  std::abort();
}

// Whether `action` ended without an Error.
template <class Action>
bool survives(const Action& action) {
  try {
    action();
    return true;
  } catch (const Error& error) {
    const std::string_view words = error.what();
    for (const char c : words) {
      if ((c >= 0 && c < ' ') || c == '\x7f') finding("a message with a control character:", error.what());
    }
    if (words.size() > 4096) finding("an endless message");
    return false;
  }
}

// The bytes after a format's signature, so that the fuzzer need not find it.
inline Bytes with_start(std::span<const std::uint8_t> bytes, std::string_view start) {
  Bytes result(bytes.begin(), bytes.end());
  if (result.size() < start.size()) result.resize(start.size());
  for (std::size_t i = 0; i < start.size(); ++i) result[i] = static_cast<std::uint8_t>(start[i]);
  return result;
}

// Reads every byte, for the sanitizers.
inline void look_at(std::span<const std::uint8_t> bytes) {
  unsigned sum = 0;
  for (const std::uint8_t byte : bytes) sum += byte;
  if (sum == 0x7fffffff) std::puts("");  // so that no compiler leaves the sum out
}
inline void look_at(const Image& image) { look_at({image.data(), image.size_bytes()}); }

}  // namespace graft::fuzz
