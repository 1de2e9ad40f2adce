// cmake --install, then a separate project that uses find_package(graft).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>

#include "graft/core/files.h"
#include "graft/weights/state_dict.h"
#include "tests/support/program.h"
#include "tests/support/temporary_folder.h"

namespace graft::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAreArray;

void expect_done(const std::vector<std::string>& command) {
  const auto result = run_command(command);
  ASSERT_EQ(result.exit_code, 0) << result.out << result.err;
}

// Builds examples/NAME with the graft installed at `prefix`; returns the build folder.
std::string built(const TemporaryFolder& folder, const std::string& name, const std::string& prefix) {
  const std::string build = (folder.path() / name).string();
  expect_done({GRAFT_CMAKE, "-S", GRAFT_SOURCE_DIR "/examples/" + name, "-B", build, "-G", "Ninja",
               "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_PREFIX_PATH=" + prefix});
  expect_done({GRAFT_CMAKE, "--build", build});
  return build;
}

TEST(Consumer, BuildsAndRunsOnAnInstalledGraft) {
  const TemporaryFolder folder;
  const std::string prefix = (folder.path() / "prefix").string();
  expect_done({GRAFT_CMAKE, "--install", GRAFT_BINARY_DIR, "--prefix", prefix});
  const std::string build = built(folder, "consumer", prefix), small = built(folder, "weights_only", prefix);

  const std::vector<std::uint8_t> bytes(24);
  const std::vector<NamedTensor> tensors = {{"fc.weight", {DType::float32, {2, 3}, bytes}}};
  const std::string weights = (folder.path() / "weights.safetensors").string();
  write_safetensors(weights, tensors, {});
  const auto listed = run_command({small + "/list_weights", weights});
  EXPECT_EQ(listed.exit_code, 0) << listed.err;
  EXPECT_EQ(listed.out, "fc.weight float32 2 3\n");
  // One stage has only its own dependencies.
  const std::string linked = run_command({"ldd", small + "/list_weights"}).out;
  EXPECT_THAT(linked, HasSubstr("libz."));
  for (const char* other : {"torch", "pango", "curl", "jpeg"}) EXPECT_THAT(linked, Not(HasSubstr(other)));
  const auto unnamed = run_command({build + "/name_pictures", weights, "x.jpg"});
  EXPECT_EQ(unnamed.exit_code, 1);
  EXPECT_THAT(unnamed.err, HasSubstr("weights.safetensors"));
  for (const char* file :
       {"share/man/man1/graft.1", "share/doc/graft/LICENSE", "share/doc/graft/THIRD_PARTY.md"})
    EXPECT_TRUE(disk().info(folder.path() / "prefix" / file)) << file;
  const auto installed = run_command({prefix + "/bin/graft", "--version"});
  EXPECT_EQ(installed.exit_code, 0) << installed.err;
}

// The C interface, found by CMake without a C++ compiler, and by pkg-config.
TEST(Consumer, BuildsAndRunsOnAnInstalledCInterface) {
  const TemporaryFolder folder;
  const std::string prefix = (folder.path() / "prefix").string();
  expect_done({GRAFT_CMAKE, "--install", GRAFT_BINARY_DIR, "--prefix", prefix});
  const std::string by_cmake = built(folder, "c_only", prefix) + "/name_picture",
                    by_pkg_config = (folder.path() / "name_picture").string(), no_model = by_cmake + "_model";
  const std::string library = prefix + "/" GRAFT_LIBDIR;
  expect_done(
      {"sh", "-c",
       "cc -std=c99 -o \"$1\" \"$2\" $(PKG_CONFIG_PATH=\"$3\" pkg-config --cflags --libs 'graft >= 0.2')",
       "sh", by_pkg_config, GRAFT_SOURCE_DIR "/examples/c_only/name_picture.c", library + "/pkgconfig"});
  for (const std::string& program : {by_cmake, by_pkg_config}) {
    const auto result = run_command({program, no_model, "x.jpg"}, {"LD_LIBRARY_PATH=" + library});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr("name_picture: " + no_model));
  }
  const std::string linked = run_command({"ldd", library + "/libgraft_c.so.0"}).out;
  EXPECT_THAT(linked, HasSubstr("libtorch_cpu."));
  for (const char* other : {"not found", "pango", "onnx"}) EXPECT_THAT(linked, Not(HasSubstr(other)));
}

// Installs after `make build`, which builds only the target graft_cli.
TEST(Consumer, InstalledFilesAreMadeWithTheProgram) {
  const std::string build = GRAFT_BINARY_DIR;
  const auto ninja = [&](const std::vector<std::string>& question) {
    std::vector<std::string> command = {"ninja", "-C", build, "-t"};
    command.insert(command.end(), question.begin(), question.end());
    return run_command(command).out;
  };
  const std::string inputs = ninja({"inputs", "graft_cli"});
  if (inputs.find("main.cpp") == std::string::npos) GTEST_SKIP() << "not built by ninja";
  const std::string rules = read_text(std::filesystem::path(build) / "cmake_install.cmake");
  const std::regex installed_file("FILES \"" + build + "/([^\"]+)\"");
  std::vector<std::string> names;
  for (std::sregex_iterator match(rules.begin(), rules.end(), installed_file), end; match != end; ++match) {
    const std::string name = (*match)[1];
    if (name.ends_with(".cmake") || name.ends_with(".pc")) continue;  // made when the build was configured
    names.push_back(name);
    const bool made_beside = ninja({"query", name}).find("__graft_cli_") != std::string::npos;
    EXPECT_TRUE(made_beside || inputs.find(name) != std::string::npos) << name;
  }
  std::vector<std::string> expected = {"graft", "graft.1", "c/libgraft_c.so"};
  for (const DirectoryEntry& stage : disk().list(GRAFT_SOURCE_DIR "/graft")) {
    if (stage.kind == FileKind::directory)
      expected.push_back("lib/" + stage.name + "/libgraft_" + stage.name + ".a");
  }
  EXPECT_THAT(names, UnorderedElementsAreArray(expected));
}

}  // namespace
}  // namespace graft::test
