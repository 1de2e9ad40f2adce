// Decoded pictures that stay in memory from one epoch to the next: after the first, a small data set costs
// neither reading nor decoding. A picture that is kept is not read again, so that a file that changes while a
// training runs is not noticed.
//
//   const auto cache = DecodedCache::make("auto");               // null for "off"
//   const Loader train(samples, preprocess, options, cache), val(others, preprocess, val_options, cache);
//
// Pictures are taken in until the budget is full and then stay; none is thrown out for another, which in a
// random order would only throw out what is wanted next. Thread-safe; the lock is held for a look-up alone.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "graft/image/open_image.h"

namespace graft {

struct CacheFigures {
  std::uint64_t budget = 0, bytes = 0;  // bytes: what the entries take, their overhead counted
  std::uint64_t entries = 0, hits = 0;
};

// Bytes for the option --cache: 0 for "off"; for "auto" a quarter of the memory that is available to the
// process, at most 2 GiB; and sizes such as "500M" or "2G" (K, M, G, T: powers of 1024). Throws UsageError
// for all else.
std::uint64_t cache_budget(const std::string& option);

class DecodedCache {
 public:
  // Of cache_budget(option); null where that is 0.
  static std::shared_ptr<DecodedCache> make(const std::string& option);

  explicit DecodedCache(std::uint64_t budget) : budget_(budget) {}

  // Each loader numbers its samples by itself: an identity for its entries.
  std::uint32_t add_owner();

  using Entry = std::shared_ptr<const DecodedPart>;
  // Null where there is none.
  Entry find(std::uint32_t owner, std::uint32_t sample, int shrink);
  // Whether a picture of this many bytes would be kept.
  bool has_room(std::uint64_t pixel_bytes) const;
  // Keeps it where there is room, and gives it back in any case. Of two for one place the first is kept.
  Entry put(std::uint32_t owner, std::uint32_t sample, DecodedPart decoded);

  CacheFigures figures() const;

 private:
  const std::uint64_t budget_;
  mutable std::mutex mutex_;
  std::unordered_map<std::uint64_t, Entry> entries_;
  std::uint64_t bytes_ = 0, hits_ = 0;
  std::uint32_t owners_ = 0;
};

}  // namespace graft
