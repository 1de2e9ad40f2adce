// cmake --install, then a project of one's own on find_package(graft).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/weights/safetensors.h"
#include "tests/support/program.h"
#include "tests/support/temporary_folder.h"

namespace graft::test {
namespace {

using ::testing::HasSubstr;

void expect_done(const std::vector<std::string>& command) {
  const auto result = run_command(command);
  ASSERT_EQ(result.exit_code, 0) << result.out << result.err;
}

TEST(Consumer, BuildsAndRunsOnAnInstalledGraft) {
  const TemporaryFolder folder;
  const std::string prefix = (folder.path() / "prefix").string(), build = (folder.path() / "build").string();
  expect_done({GRAFT_CMAKE, "--install", GRAFT_BINARY_DIR, "--prefix", prefix});
  expect_done({GRAFT_CMAKE, "-S", GRAFT_SOURCE_DIR "/examples/consumer", "-B", build, "-G", "Ninja",
               "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_PREFIX_PATH=" + prefix});
  expect_done({GRAFT_CMAKE, "--build", build});

  const std::vector<std::uint8_t> bytes(24);
  const std::vector<NamedTensor> tensors = {{"fc.weight", {DType::float32, {2, 3}, bytes}}};
  const std::string weights = (folder.path() / "weights.safetensors").string();
  write_safetensors(weights, tensors, {});
  const auto listed = run_command({build + "/list_weights", weights});
  EXPECT_EQ(listed.exit_code, 0) << listed.err;
  EXPECT_EQ(listed.out, "fc.weight float32 2 3\n");
  const auto unnamed = run_command({build + "/name_pictures", weights, "x.jpg"});
  EXPECT_EQ(unnamed.exit_code, 1);
  EXPECT_THAT(unnamed.err, HasSubstr("weights.safetensors"));
  const auto installed = run_command({prefix + "/bin/graft", "--version"});
  EXPECT_EQ(installed.exit_code, 0) << installed.err;
}

}  // namespace
}  // namespace graft::test
