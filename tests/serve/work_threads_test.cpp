#include "graft/serve/work_threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace graft {
namespace {

TEST(WorkThreads, WorkOffAllTasksEvenAtTheEnd) {
  std::atomic<int> done{0};
  {
    WorkThreads threads(3);
    for (int i = 0; i < 1000; ++i) threads.add([&] { ++done; });
  }
  EXPECT_EQ(done, 1000);
}

TEST(WorkThreads, TasksRunAtTheSameTime) {
  std::promise<void> first, second;
  WorkThreads threads(2);
  threads.add([&] {
    first.set_value();
    second.get_future().wait();
  });
  threads.add([&] {
    first.get_future().wait();
    second.set_value();
  });
}

}  // namespace
}  // namespace graft
