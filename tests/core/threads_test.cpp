#include "graft/core/threads.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace graft {
namespace {

#ifdef __linux__
TEST(Threads, GivingWayIsTheCallersAlone) {
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

TEST(ForEachOnThreads, CallsEachOnceWhateverTheNumberOfThreads) {
  for (const std::size_t threads : {0U, 1U, 3U, 100U}) {
    std::vector<std::atomic<int>> calls(50);
    for_each_on_threads(calls.size(), threads, [&](std::size_t i) { ++calls[i]; });
    for (const auto& count : calls) EXPECT_EQ(count, 1) << threads;
  }
  for_each_on_threads(0, 4, [](std::size_t) { FAIL(); });
}

}  // namespace
}  // namespace graft
