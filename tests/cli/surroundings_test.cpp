// Limits of the machine: memory, processors, instructions, missing fonts and folders.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/types.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <memory>

#include "graft/core/files.h"
#include "graft/core/processors.h"
#include "tests/support/picture_set.h"
#include "tests/support/program.h"

namespace graft::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Surroundings : public ::testing::Test {
 protected:
  std::string path(const std::string& name = "") const { return (folder_.path() / name).string(); }
  std::vector<std::string> training(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {
        GRAFT_PROGRAM, "train", "--input-size", "64", path("data"), "--model",   "mobilenetv3_small_050",
        "--weights",   "none",  "--epochs",     "1",  "--out",      path("run"), "--feature-cache",
        path("cache")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  void write_data(const std::vector<std::string>& classes = {"blue", "red"}) {
    const TemporaryFolder& folder = folder_;
    write_pictures(folder, "data/train", classes, 4);
    write_pictures(folder, "data/val", classes, 2, 4);
  }
  // The command with a limit set by the shell.
  static ProgramResult limited(const std::string& limit, std::vector<std::string> command,
                               const std::vector<std::string>& environment = {}) {
    command.insert(command.begin(), {"bash", "-c", limit + " && exec \"$@\"", "bash"});
    return run_command(command, environment);
  }
  static void expect_one_line(const ProgramResult& result, const std::string& words) {
    EXPECT_EQ(result.exit_code, 1) << result.out << result.err;
    const std::size_t at = result.err.rfind("graft: ");
    ASSERT_NE(at, std::string::npos) << result.err;
    const std::string line = result.err.substr(at);
    EXPECT_THAT(line, HasSubstr(words));
    EXPECT_EQ(line.find('\n'), line.size() - 1) << line;
    EXPECT_THAT(result.err, Not(HasSubstr("frame #")));
  }

  TemporaryFolder folder_;
};

TEST_F(Surroundings, OutOfMemoryIsOneLineWithAdvice) {
  write_data();
  const auto result = limited("ulimit -v 900000",
                              training({"--input-size", "512", "--batch-size", "64", "--precision", "fp32"}),
                              {"OMP_NUM_THREADS=1"});
  expect_one_line(result, "--batch-size");
  EXPECT_THAT(result.err, HasSubstr("memory"));
}

// ONEDNN_MAX_CPU_ISA hides the bfloat16 instructions from oneDNN, as on an older processor.
TEST_F(Surroundings, MissingInstructionsAreFoundBeforeTraining) {
  write_data();
  const auto result = run_command(training({"--precision", "bf16"}), {"ONEDNN_MAX_CPU_ISA=AVX2"});
  if (result.exit_code != 0) {
    expect_one_line(result, "use --precision fp32");
    EXPECT_FALSE(disk().info(path("run"))) << "training had started";
  }
  std::filesystem::remove_all(path("run"));  // of a processor that computes bfloat16 otherwise
  EXPECT_EQ(run_command(training({"--precision", "auto"}), {"ONEDNN_MAX_CPU_ISA=AVX2"}).exit_code, 0);
}

TEST_F(Surroundings, TooManyThreadsAreLimitedWithAWarning) {
  write_data();
  const auto result = run_command(training({"--threads", "4096"}));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("warning: 4096 threads are too many"));
  const auto by_variable = run_command(training({"--out", path("b")}), {"OMP_NUM_THREADS=4000"});
  EXPECT_EQ(by_variable.exit_code, 0) << by_variable.err;
  // libtorch with MKL limits the variable itself, and then there is no warning.
  EXPECT_THAT(by_variable.err, AnyOf(IsEmpty(), HasSubstr("note: 4000 threads are too many")));
}

// Control groups need root, and are not always available.
class Group {
 public:
  explicit Group(const std::string& controller)
      : folder_("/sys/fs/cgroup/" + controller + "/graft-test-" + std::to_string(::getpid())) {
    std::error_code code;
    made_ = fs::create_directory(folder_, code) && fs::exists(folder_ / "tasks");
  }
  ~Group() {
    std::error_code code;
    if (made_) fs::remove(folder_, code);
  }
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;
  bool made() const { return made_; }
  // The shell command that joins the group, after `setting` is written to `file`.
  std::string enter(const std::string& file, const std::string& setting) const {
    return "echo " + setting + " > " + (folder_ / file).string() + " && echo $BASHPID > " +
           (folder_ / "tasks").string();
  }

 private:
  fs::path folder_;
  bool made_ = false;
};

TEST_F(Surroundings, AQuotaOfProcessorsIsRespected) {
  const Group group("cpu");
  if (!group.made() || processors().machine < 2) GTEST_SKIP() << "no control group can be made";
  const std::string enter = group.enter("cpu.cfs_quota_us", "100000");
  const auto result = limited(enter, {"env", "-u", "OMP_NUM_THREADS", GRAFT_PROGRAM, "info"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("(1 thread, "), HasSubstr("cores     1 of "), HasSubstr("cgroup quota")));
}

TEST_F(Surroundings, ThreadsThatCannotBeStartedAreOneLine) {
  const Group group("pids");
  if (!group.made()) GTEST_SKIP() << "no control group can be made";
  write_data();
  const auto result = limited(group.enter("pids.max", "1"), training({"--threads", "2"}));
  expect_one_line(result, "only 1 of 2 threads can be started; use --threads 1");
}

// Pango would otherwise end the process.
TEST_F(Surroundings, TextIsDrawnWithoutThreadsForFonts) {
  const Group group("pids");
  if (!group.made()) GTEST_SKIP() << "no control group can be made";
  write_data();
  const auto result = limited(
      group.enter("pids.max", "1"),
      {GRAFT_PROGRAM, "show", path("data"), "--out", path("sheet.png"), "--workers", "0", "--threads", "1"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("no thread can be started to read the fonts"));
  EXPECT_TRUE(fs::exists(path("sheet.png")));
}

TEST_F(Surroundings, WithoutAHomeFolderEverythingWorksWithoutACache) {
  if (::getuid() != 0) GTEST_SKIP() << "only root can use an unassigned user number";
  write_data();
  ASSERT_EQ(std::system(
                ("chmod -R a+rX " + path() + " && mkdir " + path("open") + " && chmod a+rwx " + path("open"))
                    .c_str()),
            0);
  const std::vector<std::string> nobody = {"setpriv",   "--reuid", "54321", "--clear-groups", "env",
                                           "-u",        "HOME",    "-u",    "XDG_CACHE_HOME", "-u",
                                           "TORCH_HOME"};
  const auto as_nobody = [&](std::vector<std::string> command) {
    command.insert(command.begin(), nobody.begin(), nobody.end());
    return run_command(command);
  };
  if (as_nobody({GRAFT_PROGRAM, "--version"}).exit_code != 0)
    GTEST_SKIP() << "only its owner can access the program's folder";
  const auto info = as_nobody({GRAFT_PROGRAM, "info"});
  EXPECT_EQ(info.exit_code, 0) << info.err;
  EXPECT_THAT(info.out, HasSubstr("cache     none: HOME: is not set"));
  EXPECT_EQ(as_nobody({GRAFT_PROGRAM, "models"}).exit_code, 0);
  const auto trained =
      as_nobody({GRAFT_PROGRAM, "train", "--input-size", "64", path("data"), "--weights", "none", "--model",
                 "mobilenetv3_small_050", "--preset", "probe", "--out", path("open/run")});
  EXPECT_EQ(trained.exit_code, 0) << trained.err;
  EXPECT_THAT(trained.err, HasSubstr("warning: the probe's features are not cached"));
}

TEST_F(Surroundings, MissingCharactersAreAWarningThatNamesTheClass) {
  write_data({"ants", "\xF3\xB0\x80\x80"});  // a private-use character
  const auto shown = run_graft({"show", path("data"), "--out", path("sheet.png")});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_THAT(shown.err, HasSubstr("warning: no installed font has all characters of \xF3\xB0\x80\x80"));
  folder_.write("fonts.conf", "<?xml version=\"1.0\"?><fontconfig></fontconfig>");
  const auto without = run_graft({"show", path("data"), "--out", path("sheet.png")},
                                 {"FONTCONFIG_FILE=" + path("fonts.conf")});
  EXPECT_EQ(without.exit_code, 0) << without.err;
  EXPECT_THAT(without.err, HasSubstr("warning: no font is installed"));
}

// The kernel drops signals with default action for process 1 of a container.
TEST_F(Surroundings, AStopEndsProcessOneOfAContainer) {
  if (run_command({"unshare", "--pid", "--fork", "true"}).exit_code != 0)
    GTEST_SKIP() << "no permission to make a namespace";
  write_data();
  const std::string script =  // the shell lets its background processes ignore SIGINT
      "env --default-signal=INT unshare --pid --fork --kill-child \"$@\" & u=$!; sleep 3; kill -INT $(cat "
      "/proc/$u/task/$u/children); "
      "for i in $(seq 100); do kill -0 $u 2>/dev/null || break; sleep 0.1; done; kill -9 $u 2>/dev/null; "
      "wait $u";
  const auto stopped =
      run_command({"bash", "-c", script, "bash", GRAFT_PROGRAM, "find-lr", "--input-size", "64", path("data"),
                   "--model", "efficientnet_lite0", "--weights", "none", "--steps", "100000"});
  EXPECT_EQ(stopped.exit_code, 128 + SIGINT) << stopped.err;
}

}  // namespace
}  // namespace graft::test
