#include "graft/core/threads.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

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

}  // namespace
}  // namespace graft
