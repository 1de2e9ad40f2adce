#include "graft/device/step_graph.h"

#include <gtest/gtest.h>

#include "graft/device/device.h"

namespace graft {
namespace {

TEST(StepGraph, IsNotSupportedOnTheCpu) {
  EXPECT_FALSE(can_record(torch::kCPU));
  bool ran = false;
  EXPECT_EQ(record_step(torch::kCPU, {}, [&] { ran = true; }), nullptr);
  EXPECT_FALSE(ran);
}

TEST(StepGraph, ReplaysTheWorkOnTheCurrentValues) {
  const torch::Device device = select_device("auto");
  if (!can_record(device)) GTEST_SKIP() << "no CUDA device, or built without CUDA's headers";
  const auto input = torch::ones({4}, device), sum = torch::zeros({4}, device);
  const auto graph = record_step(device, {sum}, [&] { sum.add_(input * 2); });
  ASSERT_NE(graph, nullptr);
  EXPECT_EQ(sum.sum().item<float>(), 0);  // warmed up, and restored
  graph->replay();
  input.fill_(10);
  graph->replay();
  EXPECT_TRUE(torch::equal(sum.cpu(), torch::full({4}, 22.0)));
}

TEST(StepGraph, WorkThatWaitsForTheDeviceIsNotRecorded) {
  const torch::Device device = select_device("auto");
  if (!can_record(device)) GTEST_SKIP() << "no CUDA device, or built without CUDA's headers";
  const auto sum = torch::zeros({1}, device);
  EXPECT_EQ(record_step(device, {sum}, [&] { sum.add_(sum.item<float>()); }), nullptr);
  EXPECT_EQ(sum.add_(1).item<float>(), 1);  // the device still computes
}

TEST(StepGraph, EachReplayDrawsNewRandomNumbers) {
  const torch::Device device = select_device("auto");
  if (!can_record(device)) GTEST_SKIP() << "no CUDA device, or built without CUDA's headers";
  const auto numbers = torch::zeros({64}, device);
  const auto graph = record_step(device, {numbers}, [&] { numbers.uniform_(); });
  ASSERT_NE(graph, nullptr);
  graph->replay();
  const auto first = numbers.clone();
  graph->replay();
  EXPECT_FALSE(torch::equal(numbers, first));
}

// Training continues without recording after a failure: it draws (dropout), allocates, and may record other
// work.
TEST(StepGraph, AFailedRecordingDoesNotChangeTheDevice) {
  const torch::Device device = select_device("auto");
  if (!can_record(device)) GTEST_SKIP() << "no CUDA device, or built without CUDA's headers";
  const auto sum = torch::zeros({4}, device);
  const auto draw = [&] { sum.add_(torch::rand_like(sum)); };
  const auto draw_and_wait = [&] {
    draw();
    sum.add_(sum.sum().item<float>());
  };
  ASSERT_EQ(record_step(device, {sum}, draw_and_wait), nullptr);
  draw();
  EXPECT_TRUE(sum.gt(0).all().item<bool>());
  // Recording empties the allocator's cache first, which the allocator refuses during a capture.
  const auto graph = record_step(device, {sum}, draw);
  ASSERT_NE(graph, nullptr);
  const auto before = sum.clone();
  graph->replay();
  EXPECT_TRUE(sum.gt(before).all().item<bool>());
  // More memory than the device has: the allocator frees its cache before it fails, and fails as without a
  // capture.
  EXPECT_THROW(torch::empty({std::int64_t{1} << 50}, device), c10::OutOfMemoryError);
  EXPECT_EQ(torch::ones({2}, device).sum().item<float>(), 2);
}

}  // namespace
}  // namespace graft
