#include "graft/device/step_graph.h"

#include <gtest/gtest.h>

#include "graft/device/device.h"

namespace graft {
namespace {

TEST(StepGraph, IsNotForTheCpu) {
  EXPECT_FALSE(can_record(torch::kCPU));
  bool ran = false;
  EXPECT_EQ(record_step(torch::kCPU, {}, [&] { ran = true; }), nullptr);
  EXPECT_FALSE(ran);
}

TEST(StepGraph, ReplaysTheWorkOnWhatItsTensorsHold) {
  const torch::Device device = select_device("auto");
  if (!can_record(device)) GTEST_SKIP() << "no CUDA device, or built without CUDA's headers";
  const auto input = torch::ones({4}, device), sum = torch::zeros({4}, device);
  const auto graph = record_step(device, {sum}, [&] { sum.add_(input * 2); });
  ASSERT_NE(graph, nullptr);
  EXPECT_EQ(sum.sum().item<float>(), 0);  // warmed up, and put back
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
  EXPECT_EQ(sum.add_(1).item<float>(), 1);  // the device goes on
}

}  // namespace
}  // namespace graft
