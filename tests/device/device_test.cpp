#include "graft/device/device.h"

#include <ATen/Parallel.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/core/error.h"

namespace graft {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::testing::ThrowsMessage;

TEST(Device, TheCpuIsAlwaysThere) {
  EXPECT_TRUE(select_device("cpu").is_cpu());
  EXPECT_THAT(describe_device(torch::kCPU), StartsWith("cpu ("));
}

TEST(Device, AutoGivesOneThatCanCompute) {
  const auto device = select_device("auto");
  EXPECT_EQ(torch::ones({2}, torch::TensorOptions().device(device)).sum().item<float>(), 2.0F);
}

TEST(Device, AnUnknownNameIsWrongUsage) {
  EXPECT_THAT([] { select_device("gpu"); },
              ThrowsMessage<UsageError>(HasSubstr("--device: \"gpu\" is not a device; use auto, cpu, cuda")));
}

TEST(Device, OneThatIsNotThereIsAnErrorWithAdvice) {
  // No machine has a hundredth accelerator.
  EXPECT_THAT([] { select_device("cuda:99"); },
              ThrowsMessage<Error>(
                  HasSubstr("--device cuda:99: is not available here with this libtorch; use --device")));
}

TEST(Device, TheWidestFloatIsThere) {
  EXPECT_EQ(widest_float(torch::kCPU), torch::kFloat64);
  EXPECT_EQ(widest_float(torch::kMPS), torch::kFloat32);
  const auto device = select_device("auto");
  EXPECT_EQ(torch::ones({2}, torch::TensorOptions().device(device).dtype(widest_float(device)))
                .sum()
                .item<double>(),
            2.0);
}

TEST(Device, ThreadsAreSetWhereAsked) {
  const int before = at::get_num_threads();
  set_compute_threads(0);
  EXPECT_EQ(at::get_num_threads(), before);
  set_compute_threads(1);
  EXPECT_EQ(at::get_num_threads(), 1);
  set_compute_threads(before);
}

}  // namespace
}  // namespace graft
