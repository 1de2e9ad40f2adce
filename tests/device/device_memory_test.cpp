#include "graft/device/device_memory.h"

#include <gtest/gtest.h>

#include "graft/device/device.h"
#include "graft/device/step_graph.h"

namespace graft {
namespace {

TEST(DeviceMemory, IsUnknownForTheCpu) { EXPECT_EQ(device_memory_free(torch::kCPU), std::nullopt); }

TEST(DeviceMemory, IsKnownForCuda) {
  const torch::Device device = select_device("auto");
  if (!can_record(device)) GTEST_SKIP() << "no CUDA device, or built without CUDA's headers";
  EXPECT_GT(device_memory_free(device).value_or(0), 1U << 20);
}

}  // namespace
}  // namespace graft
