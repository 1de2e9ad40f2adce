#include "graft/check/near_index.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "graft/check/perceptual_hash.h"

namespace graft {
namespace {

using Found = std::multiset<std::pair<std::size_t, int>>;

Found found_by_index(const NearIndex& index, std::uint64_t hash) {
  Found found;
  index.for_each_near(hash, [&](std::size_t i, int distance) { found.emplace(i, distance); });
  return found;
}

Found found_by_looking_at_all(const std::vector<std::uint64_t>& hashes, std::uint64_t hash, int most) {
  Found found;
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    if (const int distance = bit_distance(hashes[i], hash); distance <= most) found.emplace(i, distance);
  }
  return found;
}

// Hashes around a few centres, some equal, so that every distance occurs.
std::vector<std::uint64_t> some_hashes() {
  std::mt19937_64 random(7);
  std::vector<std::uint64_t> hashes;
  for (int centre = 0; centre < 20; ++centre) {
    std::uint64_t hash = random();
    for (int step = 0; step < 30; ++step) {
      hashes.push_back(hash);
      if (step % 7 != 0) hash ^= std::uint64_t{1} << (random() % 64);
    }
  }
  return hashes;
}

TEST(NearIndex, EqualsAFullSearchWithoutDuplicates) {
  const std::vector<std::uint64_t> hashes = some_hashes();
  for (int distance = 0; distance <= NearIndex::max_distance; ++distance) {
    const NearIndex index(hashes, distance);
    for (std::size_t i = 0; i < hashes.size(); i += 17) {
      EXPECT_EQ(found_by_index(index, hashes[i]), found_by_looking_at_all(hashes, hashes[i], distance))
          << distance;
    }
  }
}

TEST(NearIndex, MayBeEmpty) { EXPECT_TRUE(found_by_index(NearIndex({}, 4), 0).empty()); }

// 5·10⁹ pairs, of which a few in a thousand are compared.
TEST(NearIndex, SearchesAHundredThousandHashes) {
  std::mt19937_64 random(1);
  std::vector<std::uint64_t> hashes(100'000);
  for (std::uint64_t& hash : hashes) hash = random();
  const NearIndex index(hashes, 4);
  std::size_t found = 0;
  for (const std::uint64_t hash : hashes) index.for_each_near(hash, [&](std::size_t, int) { ++found; });
  EXPECT_EQ(found, hashes.size());  // each finds itself
}

}  // namespace
}  // namespace graft
