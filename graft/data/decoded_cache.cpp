#include "graft/data/decoded_cache.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <limits>
#include <string_view>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/memory.h"

namespace graft {
namespace {

// The overhead of an entry: the shared object and its counts, a node and a slot in the table, and malloc's
// overhead for each of the three blocks.
constexpr std::uint64_t entry_bytes = sizeof(DecodedPart) + 16 + 5 * sizeof(void*) + 3 * 16;

constexpr std::uint64_t max_for_auto = 2ULL << 30;

std::uint64_t key_of(std::uint32_t owner, std::uint32_t sample, int shrink) {
  const auto scale = static_cast<std::uint64_t>(std::countr_zero(static_cast<unsigned>(shrink)));
  return static_cast<std::uint64_t>(owner) << 34 | static_cast<std::uint64_t>(sample) << 2 | scale;
}

[[noreturn]] void refuse_option(const std::string& option) {
  throw UsageError("`cache`", "\"" + option + "\" is not a size",
                   "use auto, off, or a size such as 500M or 2G (K, M, G, T)");
}

// 10 for K, 20 for M, …
int power_of(char unit) {
  constexpr std::string_view units = "kmgtKMGT";
  const std::size_t at = units.find(unit);
  return at == std::string_view::npos ? 0 : (static_cast<int>(at % 4) + 1) * 10;
}

}  // namespace

std::uint64_t cache_budget(const std::string& option) {
  if (option == "off") return 0;
  if (option == "auto") return std::min(memory_available().value_or(0) / 4, max_for_auto);
  const int power = option.empty() ? 0 : power_of(option.back());
  std::uint64_t number = 0;
  const char* unit = option.data() + option.size() - (option.empty() ? 0 : 1);
  const auto [end, problem] = std::from_chars(option.data(), unit, number);
  const bool fits = number <= std::numeric_limits<std::uint64_t>::max() >> power;
  if (power == 0 || problem != std::errc() || end != unit || number == 0 || !fits) refuse_option(option);
  return number << power;
}

std::shared_ptr<DecodedCache> DecodedCache::make(const std::string& option) {
  const std::uint64_t budget = cache_budget(option);
  return budget == 0 ? nullptr : std::make_shared<DecodedCache>(budget);
}

std::uint32_t DecodedCache::add_owner() {
  const std::lock_guard lock(mutex_);
  return owners_++;
}

DecodedCache::Entry DecodedCache::find(std::uint32_t owner, std::uint32_t sample, int shrink) {
  const std::lock_guard lock(mutex_);
  const auto entry = entries_.find(key_of(owner, sample, shrink));
  if (entry == entries_.end()) return nullptr;
  ++hits_;
  return entry->second;
}

bool DecodedCache::has_room(std::uint64_t pixel_bytes) const {
  const std::lock_guard lock(mutex_);
  return pixel_bytes + entry_bytes <= budget_ - bytes_;
}

DecodedCache::Entry DecodedCache::put(std::uint32_t owner, std::uint32_t sample, DecodedPart decoded) {
  const std::uint64_t bytes = decoded.pixels.size_bytes() + entry_bytes;
  Entry entry = std::make_shared<const DecodedPart>(std::move(decoded));
  const std::lock_guard lock(mutex_);
  if (bytes <= budget_ - bytes_ && entries_.emplace(key_of(owner, sample, entry->shrink), entry).second) {
    bytes_ += bytes;
  }
  return entry;
}

CacheStats DecodedCache::stats() const {
  const std::lock_guard lock(mutex_);
  return {budget_, bytes_, entries_.size(), hits_};
}

}  // namespace graft
