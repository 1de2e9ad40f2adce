#include "graft/serve/compute_lanes.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>

namespace graft {
namespace {

// The process has three threads within an operator for the time of a test.
class ComputeLanesTest : public ::testing::Test {
 protected:
  void SetUp() override { at::set_num_threads(3); }
  void TearDown() override { at::set_num_threads(former_); }

  // Called in a lane: the number of threads that an operator would have.
  static std::future<int> threads_of_a_task(ComputeLanes& lanes) {
    auto found = std::make_shared<std::promise<int>>();
    lanes.add([found] { found->set_value(at::get_num_threads()); });
    return found->get_future();
  }
  static void wait_until_idle(const ComputeLanes& lanes) {
    while (!lanes.is_idle()) std::this_thread::yield();
  }

 private:
  int former_ = at::get_num_threads();
};

TEST_F(ComputeLanesTest, WorkOffAllTasksEvenAtTheEnd) {
  std::atomic<int> done{0};
  {
    ComputeLanes lanes(3);
    for (int i = 0; i < 1000; ++i) lanes.add([&] { ++done; });
  }
  EXPECT_EQ(done, 1000);
}

TEST_F(ComputeLanesTest, ATaskThatIsAloneHasAllThreads) {
  ComputeLanes lanes(3);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(threads_of_a_task(lanes).get(), 3) << i;
    wait_until_idle(lanes);
  }
}

TEST_F(ComputeLanesTest, TasksAtTheSameTimeHaveOneThreadEach) {
  ComputeLanes lanes(2);
  std::promise<void> begun, end;
  lanes.add([&] {
    begun.set_value();
    end.get_future().wait();
  });
  begun.get_future().wait();
  std::promise<void> second_end;
  auto second = threads_of_a_task(lanes);
  lanes.add([&] { second_end.get_future().wait(); });
  EXPECT_EQ(second.get(), 1);  // in the other lane, while the first one waits
  end.set_value();
  second_end.set_value();
  wait_until_idle(lanes);
  EXPECT_EQ(threads_of_a_task(lanes).get(), 3);
  EXPECT_EQ(at::get_num_threads(), 3) << "the caller's";
}

TEST_F(ComputeLanesTest, OneLaneAlwaysHasAllThreads) {
  ComputeLanes lanes(1);
  std::vector<std::future<int>> found;
  for (int i = 0; i < 5; ++i) found.push_back(threads_of_a_task(lanes));
  for (auto& each : found) EXPECT_EQ(each.get(), 3);
}

TEST_F(ComputeLanesTest, KnowWhetherTheyAreIdleAndTheirOwn) {
  ComputeLanes lanes(2);
  EXPECT_TRUE(lanes.is_idle());
  EXPECT_FALSE(lanes.is_here());
  std::promise<void> begun, end;
  std::atomic<bool> here{false};
  lanes.add([&] {
    here = lanes.is_here();
    begun.set_value();
    end.get_future().wait();
  });
  begun.get_future().wait();
  EXPECT_TRUE(here);
  EXPECT_FALSE(lanes.is_idle());
  end.set_value();
  wait_until_idle(lanes);
}

}  // namespace
}  // namespace graft
