#include "graft/core/control_groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace graft {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> folders(const std::string& groups, const std::string& controller) {
  return control_group_folders(
      [&](const std::string& path) {
        return path == "/proc/self/cgroup" ? std::optional(groups) : std::nullopt;
      },
      controller);
}

TEST(ControlGroups, OfVersion2AreFoundBesideVersion1) {
  EXPECT_THAT(folders("0::/a/b\n", ""), ElementsAre("/sys/fs/cgroup/a/b", "/sys/fs/cgroup/a",
                                                    "/sys/fs/cgroup", "/sys/fs/cgroup/unified/a/b",
                                                    "/sys/fs/cgroup/unified/a", "/sys/fs/cgroup/unified"));
}

TEST(ControlGroups, OfVersion1AreFoundByController) {
  const std::string groups = "12:cpu,cpuacct:/x\n4:memory:/docker/1\n3:cpuset:/\n";
  EXPECT_THAT(
      folders(groups, "memory"),
      ElementsAre("/sys/fs/cgroup/memory/docker/1", "/sys/fs/cgroup/memory/docker", "/sys/fs/cgroup/memory"));
  EXPECT_THAT(folders(groups, "cpu"),
              ElementsAre("/sys/fs/cgroup/cpu/x", "/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct/x",
                          "/sys/fs/cgroup/cpu,cpuacct"));
  EXPECT_THAT(folders(groups, ""), IsEmpty());
}

TEST(ControlGroups, InvalidLinesAreSkipped) {
  EXPECT_THAT(folders("", ""), IsEmpty());
  EXPECT_THAT(folders("nonsense\n0:\n:::\n\n", "memory"), IsEmpty());
  EXPECT_THAT(folders("0::no-slash\n", ""),
              ElementsAre("/sys/fs/cgroupno-slash", "/sys/fs/cgroup", "/sys/fs/cgroup/unifiedno-slash",
                          "/sys/fs/cgroup/unified"));
}

TEST(LeadingNumber, IsEmptyForOtherText) {
  EXPECT_EQ(leading_number(" \t12 34"), 12U);
  for (const char* text : {"", "max", "-1", " "}) EXPECT_EQ(leading_number(text), std::nullopt) << text;
}

}  // namespace
}  // namespace graft
