#include "graft/core/memory.h"

#include <gtest/gtest.h>

#include <map>

namespace graft {
namespace {

std::optional<std::uint64_t> available(const std::map<std::string, std::string>& files) {
  return memory_available([&](const std::string& path) -> std::optional<std::string> {
    const auto file = files.find(path);
    return file == files.end() ? std::nullopt : std::optional(file->second);
  });
}

const std::string meminfo = "MemTotal:  9000 kB\nMemFree:  10 kB\nMemAvailable:    8000 kB\n";

TEST(MemoryAvailable, IsReadFromMeminfo) {
  EXPECT_EQ(available({{"/proc/meminfo", meminfo}}), 8000U * 1024);
  EXPECT_EQ(available({}), std::nullopt);
  EXPECT_EQ(available({{"/proc/meminfo", "MemAvailable: many\n"}}), std::nullopt);
}

TEST(MemoryAvailable, IsLimitedByAGroupOrItsParents) {
  std::map<std::string, std::string> files = {{"/proc/meminfo", meminfo},
                                              {"/proc/self/cgroup", "0::/a/b\n"},
                                              {"/sys/fs/cgroup/a/b/memory.max", "max\n"},
                                              {"/sys/fs/cgroup/a/b/memory.current", "500\n"}};
  EXPECT_EQ(available(files), 8000U * 1024);
  files["/sys/fs/cgroup/a/memory.max"] = "100000\n";
  files["/sys/fs/cgroup/a/memory.current"] = "70000\n";
  EXPECT_EQ(available(files), 30'000U);
  files["/sys/fs/cgroup/a/memory.stat"] = "anon 40000\ninactive_file 20000\n";
  EXPECT_EQ(available(files), 50'000U);
  files["/sys/fs/cgroup/a/b/memory.max"] = "400\n";  // used above its limit
  EXPECT_EQ(available(files), 0U);
}

TEST(MemoryAvailable, ReadsAContainersOwnGroup) {
  EXPECT_EQ(available({{"/proc/self/cgroup", "0::/\n"},
                       {"/sys/fs/cgroup/memory.max", "1000"},
                       {"/sys/fs/cgroup/memory.current", "300"}}),
            700U);
}

TEST(MemoryAvailable, ReadsVersion1Groups) {
  EXPECT_EQ(available({{"/proc/meminfo", meminfo},
                       {"/proc/self/cgroup", "12:cpu,cpuacct:/x\n4:memory:/docker/1234\n"},
                       {"/sys/fs/cgroup/memory/memory.limit_in_bytes", "1000"},
                       {"/sys/fs/cgroup/memory/memory.usage_in_bytes", "600"},
                       {"/sys/fs/cgroup/memory/memory.stat", "cache 1\ntotal_inactive_file 100\n"}}),
            500U);
}

TEST(MemoryAvailable, IsKnownOnThisMachine) {
#ifdef __linux__
  EXPECT_GT(memory_available().value_or(0), 0U);
#endif
}

}  // namespace
}  // namespace graft
