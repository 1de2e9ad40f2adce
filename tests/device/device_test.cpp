#include "graft/device/device.h"

#include <ATen/Parallel.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>

#include "graft/core/error.h"
#include "graft/core/processors.h"
#include "graft/device/engine_error.h"
#include "graft/device/precision_probe.h"

namespace graft {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::testing::ThrowsMessage;

TEST(Device, TheCpuIsAlwaysAvailable) {
  EXPECT_TRUE(select_device("cpu").is_cpu());
  EXPECT_THAT(describe_device(torch::kCPU), StartsWith("cpu ("));
}

TEST(Device, AutoSelectsAWorkingDevice) {
  const auto device = select_device("auto");
  EXPECT_EQ(torch::ones({2}, torch::TensorOptions().device(device)).sum().item<float>(), 2.0F);
}

TEST(Device, AnUnknownNameIsAUsageError) {
  EXPECT_THAT([] { select_device("gpu"); },
              ThrowsMessage<UsageError>(HasSubstr("`device`: \"gpu\" is not a device; use auto, cpu, cuda")));
}

TEST(Device, OneWithoutValuesIsAUsageError) {
  EXPECT_THAT(
      [] { select_device("meta"); },
      ThrowsMessage<UsageError>(HasSubstr("`device`: \"meta\" is not a device; use auto, cpu, cuda")));
}

TEST(Device, ThereIsOneCpu) {
  EXPECT_TRUE(select_device("cpu:0").is_cpu());
  EXPECT_THAT([] { select_device("cpu:3"); },
              ThrowsMessage<UsageError>(HasSubstr("\"cpu:3\" is not a device: there is one cpu; use cpu")));
}

TEST(Device, AMissingDeviceIsAnErrorWithAdvice) {
  // No machine has a hundred accelerators.
  EXPECT_THAT([] { select_device("cuda:99"); },
              ThrowsMessage<Error>(
                  HasSubstr("`device` cuda:99: is not available here with this libtorch; use `device`")));
}

TEST(Device, TheWidestFloatIsSupported) {
  EXPECT_EQ(widest_float(torch::kCPU), torch::kFloat64);
  EXPECT_EQ(widest_float(torch::kMPS), torch::kFloat32);
  const auto device = select_device("auto");
  EXPECT_EQ(torch::ones({2}, torch::TensorOptions().device(device).dtype(widest_float(device)))
                .sum()
                .item<double>(),
            2.0);
}

TEST(Device, ThreadsAreSetOnRequest) {
  const int before = at::get_num_threads();
  EXPECT_EQ(set_compute_threads(0).threads, at::get_num_threads());
  EXPECT_EQ(set_compute_threads(1).threads, 1);
  EXPECT_EQ(at::get_num_threads(), 1);
  EXPECT_EQ(set_compute_threads(1).note, "");
  set_compute_threads(before);
}

TEST(Device, FewerThanNoThreadsAreRefused) {
  const int before = at::get_num_threads();
  EXPECT_THROW(set_compute_threads(-4), UsageError);
  EXPECT_EQ(at::get_num_threads(), before);
}

TEST(Device, TooManyThreadsAreLimitedWithANote) {
  const int before = at::get_num_threads(), most = bounded_threads(4096);
  const ComputeThreads used = set_compute_threads(4096);
  EXPECT_EQ(used.threads, most);
  EXPECT_EQ(at::get_num_threads(), most);
  EXPECT_THAT(used.note, AllOf(StartsWith("4096 threads are too many for the available processors ("),
                               HasSubstr("): " + std::to_string(most) + " are used")));
  set_compute_threads(before);
}

// In a separate process, because variables and masks are read once.
TEST(DeviceDeathTest, TheDefaultIsOneThreadPerAvailableProcessor) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto count = [] {
    ::unsetenv("OMP_NUM_THREADS");
    at::set_num_threads(processors().available + 3);
    const ComputeThreads used = set_compute_threads(0);
    std::_Exit(used.threads == processors().available && used.note.empty() ? 0 : 1);
  };
  EXPECT_EXIT(count(), testing::ExitedWithCode(0), "");
}

TEST(DeviceDeathTest, ThreadsThatCannotBeStartedAreAnErrorNotACrash) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto ask = [] {
    const rlimit no_more{0, 0};
    ::setrlimit(RLIMIT_AS, &no_more);
    try {
      set_compute_threads(2);
    } catch (const EngineError& error) {
      std::fprintf(stderr, "%s\n", error.what());
      std::_Exit(3);
    }
    std::_Exit(0);
  };
  EXPECT_EXIT(ask(), testing::ExitedWithCode(3),
              "`threads`: only 1 of 2 threads can be started; use `threads` 1");
}

}  // namespace
}  // namespace graft
