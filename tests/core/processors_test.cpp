#include "graft/core/processors.h"

#include <gtest/gtest.h>

#ifdef __linux__
#include <sched.h>
#endif

#include <cstdlib>
#include <map>

namespace graft {
namespace {

Processors found(int machine, int allowed, const std::map<std::string, std::string>& files) {
  return processors(machine, allowed, [&](const std::string& path) -> std::optional<std::string> {
    const auto file = files.find(path);
    return file == files.end() ? std::nullopt : std::optional(file->second);
  });
}

TEST(Processors, AreThoseOfTheMachineWithoutALimit) {
  EXPECT_EQ(found(64, 64, {}).available, 64);
  EXPECT_EQ(found(64, 64, {}).describe(), "64");
  EXPECT_EQ(
      found(64, 64, {{"/proc/self/cgroup", "0::/\n"}, {"/sys/fs/cgroup/cpu.max", "max 100000\n"}}).describe(),
      "64");
  EXPECT_EQ(found(64, 64,
                  {{"/proc/self/cgroup", "1:cpu:/\n"},
                   {"/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n"},
                   {"/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n"}})
                .describe(),
            "64");
}

TEST(Processors, AreLimitedByTheAffinityMask) {
  EXPECT_EQ(found(64, 3, {}).describe(), "3 of 64, CPU affinity");
}

TEST(Processors, AQuotaOfVersion2CountsInAnyGroupAbove) {
  std::map<std::string, std::string> files = {{"/proc/self/cgroup", "0::/kube/pod\n"},
                                              {"/sys/fs/cgroup/kube/pod/cpu.max", "max 100000\n"},
                                              {"/sys/fs/cgroup/kube/cpu.max", "200000 100000\n"}};
  EXPECT_EQ(found(64, 64, files).describe(), "2 of 64, cgroup quota");
  files["/sys/fs/cgroup/kube/pod/cpu.max"] =
      "100001 100000\n";  // a little more than one: the next whole number
  EXPECT_EQ(found(64, 64, files).available, 2);
  files["/sys/fs/cgroup/kube/pod/cpu.max"] = "100000 100000\n";
  EXPECT_EQ(found(64, 64, files).available, 1);
  files["/sys/fs/cgroup/kube/pod/cpu.max"] = "1000 100000\n";  // a hundredth
  EXPECT_EQ(found(64, 64, files).available, 1);
}

TEST(Processors, AQuotaOfVersion1Counts) {
  EXPECT_EQ(found(8, 8,
                  {{"/proc/self/cgroup", "4:memory:/x\n2:cpu,cpuacct:/docker/1\n0::/\n"},
                   {"/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "350000\n"},
                   {"/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n"}})
                .describe(),
            "4 of 8, cgroup quota");
}

TEST(Processors, TheTighterLimitIsNamed) {
  const std::map<std::string, std::string> files = {{"/proc/self/cgroup", "0::/\n"},
                                                    {"/sys/fs/cgroup/cpu.max", "400000 100000\n"}};
  EXPECT_EQ(found(64, 2, files).describe(), "2 of 64, CPU affinity");
  EXPECT_EQ(found(64, 8, files).describe(), "4 of 64, cgroup quota");
  EXPECT_EQ(found(2, 2, files).describe(), "2");
}

TEST(Processors, FilesWithoutANumberAreNoLimit) {
  for (const char* text : {"", "max", "x 100000", "100000", "100000 0", "100000 y"}) {
    EXPECT_EQ(found(4, 4, {{"/proc/self/cgroup", "0::/\n"}, {"/sys/fs/cgroup/cpu.max", text}}).available, 4)
        << text;
  }
}

TEST(Processors, OfThisMachineAreCounted) {
  EXPECT_GE(processors().available, 1);
  EXPECT_LE(processors().available, processors().machine);
}

#ifdef __linux__
// In a separate process, because the count is determined once per process.
TEST(ProcessorsDeathTest, TheProcessesOwnMaskCounts) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto count = [] {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<unsigned>(::sched_getcpu()), &one);
    ::sched_setaffinity(0, sizeof one, &one);
    std::_Exit(processors().available == 1 ? 0 : 1);
  };
  EXPECT_EXIT(count(), testing::ExitedWithCode(0), "");
}
#endif

TEST(BoundedThreads, AreAtMostFourForEachProcessor) {
  const int most = 4 * processors().available;
  EXPECT_EQ(bounded_threads(1), 1);
  EXPECT_EQ(bounded_threads(most), most);
  EXPECT_EQ(bounded_threads(most + 1), most);
  EXPECT_EQ(bounded_threads(1'000'000'000), most);
}

}  // namespace
}  // namespace graft
