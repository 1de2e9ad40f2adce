#include "graft/data/decoded_cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "graft/core/error.h"
#include "graft/core/memory.h"
#include "tests/data/pictures.h"

namespace graft {
namespace {

DecodedPart part_of(int height, int width, int shrink = 1) {
  return {test::formula_picture(height, width), {height * shrink, width * shrink}, shrink};
}

TEST(CacheBudget, ReadsSizes) {
  EXPECT_EQ(cache_budget("off"), 0U);
  EXPECT_EQ(cache_budget("3K"), 3072U);
  EXPECT_EQ(cache_budget("500M"), 500ULL << 20);
  EXPECT_EQ(cache_budget("2g"), 2ULL << 30);
  EXPECT_EQ(cache_budget("1T"), 1ULL << 40);
  EXPECT_LE(cache_budget("auto"), 2ULL << 30);
  EXPECT_LE(cache_budget("auto"), memory_available().value_or(0) / 2);
}

TEST(CacheBudget, RefusesEverythingElse) {
  for (const char* wrong : {"", "on", "Off", "500", "M", "0M", "-1M", "1.5G", "2 G", "2GB", "G2", " 2G",
                            "99999999999999999999G", "17179869184G", "auto "}) {
    EXPECT_THAT([&] { cache_budget(wrong); },
                testing::ThrowsMessage<UsageError>(
                    testing::AllOf(testing::HasSubstr("`cache`"), testing::HasSubstr("auto, off"))))
        << wrong;
  }
}

TEST(DecodedCache, IsNoneWhenOff) {
  EXPECT_EQ(DecodedCache::make("off"), nullptr);
  EXPECT_EQ(DecodedCache::make("1M")->stats().budget, 1U << 20);
}

TEST(DecodedCache, FindsEntriesByOwnerSampleAndScale) {
  DecodedCache cache(1 << 20);
  const auto a = cache.add_owner(), b = cache.add_owner();
  EXPECT_NE(a, b);
  const auto kept = cache.put(a, 7, part_of(5, 6, 2));
  EXPECT_EQ(cache.find(a, 7, 2), kept);
  EXPECT_EQ(cache.find(a, 7, 1), nullptr);
  EXPECT_EQ(cache.find(a, 6, 2), nullptr);
  EXPECT_EQ(cache.find(b, 7, 2), nullptr);
  EXPECT_EQ(cache.find(a, 0xffffffffU, 8), nullptr);
  EXPECT_EQ(cache.stats().entries, 1U);
  EXPECT_EQ(cache.stats().hits, 1U);
}

TEST(DecodedCache, NeverExceedsItsBudget) {
  constexpr std::uint64_t budget = 10'000;
  DecodedCache cache(budget);
  const auto owner = cache.add_owner();
  for (std::uint32_t i = 0; i < 50; ++i) {
    const bool room = cache.has_room(600);
    const auto given = cache.put(owner, i, part_of(10, 20));
    EXPECT_EQ(given->pixels.height(), 10);  // returned in any case
    EXPECT_EQ(cache.find(owner, i, 1) != nullptr, room);
    EXPECT_LE(cache.stats().bytes, budget);
  }
  const CacheStats stats = cache.stats();
  EXPECT_GT(stats.bytes, budget - 600 - 400);
  EXPECT_GT(stats.bytes, stats.entries * 600);  // the overhead of entries is counted
  EXPECT_NE(cache.find(owner, 0, 1), nullptr);  // the first entries stay
  EXPECT_FALSE(DecodedCache(10).has_room(0));
}

TEST(DecodedCache, TheFirstOfTwoIsKeptAndCountedOnce) {
  DecodedCache cache(1 << 20);
  const auto owner = cache.add_owner();
  const auto first = cache.put(owner, 1, part_of(10, 20));
  const std::uint64_t bytes = cache.stats().bytes;
  cache.put(owner, 1, part_of(10, 20));
  EXPECT_EQ(cache.find(owner, 1, 1), first);
  EXPECT_EQ(cache.stats().bytes, bytes);
}

TEST(DecodedCache, ManyThreadsMayUseIt) {
  DecodedCache cache(30'000);
  const auto owner = cache.add_owner();
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (std::uint32_t i = 0; i < 200; ++i) {
        if (!cache.find(owner, i % 60, 1)) cache.put(owner, i % 60, part_of(10, 20));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(cache.stats().bytes, 30'000U);
  EXPECT_GT(cache.stats().entries, 20U);
}

}  // namespace
}  // namespace graft
