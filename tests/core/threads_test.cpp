#include "graft/core/threads.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <thread>
#include <vector>

namespace graft {
namespace {

#ifdef __linux__
TEST(Threads, GiveWayAffectsOnlyTheCallingThread) {
  const int before = ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()));
  int inside = before;
  std::thread([&] {
    give_way_to_compute();
    inside = ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()));
  }).join();
  EXPECT_EQ(inside, std::max(before, 10));
  EXPECT_EQ(::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid())), before);
}
#endif

TEST(ForEachOnThreads, ThrowsTheFirstException) {
  for (const std::size_t threads : {0, 1, 4}) {
    EXPECT_THROW(for_each_on_threads(1000, threads,
                                     [](std::size_t i) {
                                       if (i >= 3) throw std::bad_alloc();
                                     }),
                 std::bad_alloc);
  }
}

TEST(ForEachOnThreads, CallsEachOnceWithAnyNumberOfThreads) {
  for (const std::size_t threads : {0U, 1U, 3U, 100U}) {
    std::vector<std::atomic<int>> calls(50);
    for_each_on_threads(calls.size(), threads, [&](std::size_t i) { ++calls[i]; });
    for (const auto& count : calls) EXPECT_EQ(count, 1) << threads;
  }
  for_each_on_threads(0, 4, [](std::size_t) { FAIL(); });
}

TEST(StartableThreads, AreAllWithoutALimit) {
  EXPECT_EQ(startable_threads(0), 0);
  EXPECT_EQ(startable_threads(3), 3);
}

#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
// In a separate process with so little address space that few thread stacks fit.
TEST(StartableThreadsDeathTest, AreFewerUnderALimit) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto count = [] {
    const rlimit little{400 << 20, 400 << 20};
    ::setrlimit(RLIMIT_AS, &little);
    const int started = startable_threads(1000);
    std::_Exit(started > 0 && started < 1000 ? 0 : 1);
  };
  EXPECT_EXIT(count(), testing::ExitedWithCode(0), "");
}
#endif

}  // namespace
}  // namespace graft
