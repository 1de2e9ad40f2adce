// Decoded images kept in memory across epochs: after the first epoch a small dataset needs neither reading
// nor decoding. A cached image is not read again, so a change of its file during training is not noticed.
//
//   const auto cache = DecodedCache::make("auto");               // null for "off"
//   const Loader train(samples, preprocess, options, cache), val(others, preprocess, val_options, cache);
//
// Images are added until the budget is full and then stay. Nothing is evicted: in a random order, eviction
// would only remove images that are needed next. Thread-safe; the lock is held only during look-ups.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "graft/image/open_image.h"

namespace graft {

struct CacheStats {
  std::uint64_t budget = 0, bytes = 0;  // bytes: size of the entries, including overhead
  std::uint64_t entries = 0, hits = 0;
};

// The budget in bytes for the option --cache: 0 for "off"; for "auto" a quarter of the memory available to
// the process, at most 2 GiB; and sizes such as "500M" or "2G" (K, M, G, T: powers of 1024). Throws
// UsageError for any other text.
std::uint64_t cache_budget(const std::string& option);

class DecodedCache {
 public:
  // With the budget cache_budget(option); null if that is 0.
  static std::shared_ptr<DecodedCache> make(const std::string& option);

  explicit DecodedCache(std::uint64_t budget) : budget_(budget) {}

  // A new owner id: each loader numbers its own samples.
  std::uint32_t add_owner();

  using Entry = std::shared_ptr<const DecodedPart>;
  // Null if there is none.
  Entry find(std::uint32_t owner, std::uint32_t sample, int shrink);
  // Whether a picture of this many bytes would be kept.
  bool has_room(std::uint64_t pixel_bytes) const;
  // Stores the entry if there is room, and returns it in any case. The first entry for a key is kept.
  Entry put(std::uint32_t owner, std::uint32_t sample, DecodedPart decoded);

  CacheStats stats() const;

 private:
  const std::uint64_t budget_;
  mutable std::mutex mutex_;
  std::unordered_map<std::uint64_t, Entry> entries_;
  std::uint64_t bytes_ = 0, hits_ = 0;
  std::uint32_t owners_ = 0;
};

}  // namespace graft
