#include "graft/check/near_index.h"

#include <bit>
#include <utility>

#include "graft/check/perceptual_hash.h"

namespace graft {
namespace {

std::uint32_t part_of(std::uint64_t hash, std::size_t part) {
  return static_cast<std::uint32_t>(hash >> (16 * part)) & 0xFFFF;
}

}  // namespace

NearIndex::NearIndex(std::vector<std::uint64_t> hashes, int distance)
    : hashes_(std::move(hashes)), distance_(distance), part_distance_(distance / static_cast<int>(parts)) {
  for (std::uint32_t mask = 0; mask < values; ++mask) {
    if (std::popcount(mask) <= part_distance_) masks_.push_back(mask);
  }
  for (std::size_t part = 0; part < parts; ++part) tables_[part] = table_of(part);
}

NearIndex::Table NearIndex::table_of(std::size_t part) const {
  Table table{std::vector<std::uint32_t>(values + 1, 0), std::vector<std::uint32_t>(hashes_.size())};
  for (const std::uint64_t hash : hashes_) ++table.begin[part_of(hash, part) + 1];
  for (std::size_t value = 0; value < values; ++value) table.begin[value + 1] += table.begin[value];
  std::vector<std::uint32_t> next(table.begin.begin(), table.begin.end() - 1);
  for (std::size_t i = 0; i < hashes_.size(); ++i) {
    table.ids[next[part_of(hashes_[i], part)]++] = static_cast<std::uint32_t>(i);
  }
  return table;
}

void NearIndex::for_each_near(std::uint64_t hash, const std::function<void(std::size_t, int)>& visit) const {
  for (std::size_t part = 0; part < parts; ++part) {
    const Table& table = tables_[part];
    for (const std::uint32_t mask : masks_) {
      const std::uint32_t value = part_of(hash, part) ^ mask;
      for (std::uint32_t at = table.begin[value]; at < table.begin[value + 1]; ++at) {
        const std::uint64_t other = hashes_[table.ids[at]];
        const int distance = bit_distance(hash, other);
        if (distance <= distance_ && !met_before(hash ^ other, part)) visit(table.ids[at], distance);
      }
    }
  }
}

bool NearIndex::met_before(std::uint64_t difference, std::size_t part) const {
  for (std::size_t earlier = 0; earlier < part; ++earlier) {
    if (std::popcount(part_of(difference, earlier)) <= part_distance_) return true;
  }
  return false;
}

}  // namespace graft
