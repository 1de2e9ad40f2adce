// SIGKILL at random moments, repeatedly: each time --resume continues, and the result is the model of the
// uninterrupted run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <thread>

#include "graft/core/files.h"
#include "graft/core/random.h"
#include "graft/core/stopwatch.h"
#include "graft/run/run.h"
#include "graft/weights/state_dict.h"
#include "tests/support/picture_set.h"
#include "tests/support/program.h"
#include "tests/support/same_runs.h"

namespace graft::test {
namespace {

constexpr int default_kills = 40;  // GRAFT_KILLS sets another number; make test-long asks for 200
constexpr double poll_seconds = 0.0005;

int kills_asked() {
  const char* asked = std::getenv("GRAFT_KILLS");
  return asked != nullptr ? std::atoi(asked) : default_kills;
}

void wait(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }

// The program as a child process; its output goes to a file.
class Child {
 public:
  Child(const std::vector<std::string>& arguments, const std::filesystem::path& words) {
    std::vector<char*> argv;
    std::vector<std::string> command = {GRAFT_PROGRAM};
    command.insert(command.end(), arguments.begin(), arguments.end());
    for (std::string& argument : command) argv.push_back(argument.data());
    argv.push_back(nullptr);
    std::fflush(nullptr);  // buffered output would be written twice
    pid_ = ::fork();
    if (pid_ == 0) {
      if (std::freopen("/dev/null", "w", stdout) == nullptr ||
          std::freopen(words.c_str(), "w", stderr) == nullptr)
        ::_exit(126);
      ::execv(GRAFT_PROGRAM, argv.data());
      ::_exit(127);
    }
  }
  bool ended() {
    if (!ended_) ended_ = ::waitpid(pid_, &status_, WNOHANG) == pid_;
    return ended_;
  }
  void kill() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, &status_, 0);
    ended_ = true;
  }
  int exit_code() const { return WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_); }

 private:
  pid_t pid_ = 0;
  int status_ = 0;
  bool ended_ = false;
};

class KillProgram : public ::testing::Test {
 protected:
  KillProgram() { write_pictures(folder_, "pictures", {"blue", "red"}, 3); }

  RunFolder run(const std::string& name) const { return RunFolder(folder_.path() / name); }
  std::vector<std::string> begin(const RunFolder& run) const {
    return {"train",        "--input-size",
            "64",           (folder_.path() / "pictures").string(),
            "--preset",     "finetune",
            "--out",        run.path().string(),
            "--model",      "efficientnet_lite0",
            "--weights",    "none",
            "--epochs",     "4",
            "--batch-size", "4",
            "--lr",         "0.01",
            "--threads",    "1",
            "--workers",    "1",
            "--precision",  "fp32"};
  }

  static bool is_writing(const RunFolder& run) {
    if (!disk().info(run.path())) return false;
    for (const DirectoryEntry& entry : disk().list(run.path())) {
      if (is_temporary_name(entry.name)) return true;
    }
    return false;
  }

  TemporaryFolder folder_;
};

TEST_F(KillProgram, EveryKilledRunResumesToTheSameModel) {
  const RunFolder alone = run("alone");
  const Stopwatch watch;
  const auto left_alone = run_graft(begin(alone));
  ASSERT_EQ(left_alone.exit_code, 0) << left_alone.err;
  const double whole = watch.seconds();

  const auto words = folder_.path() / "words";
  Random random(2026, 0, 0);
  int kills = 0, while_writing = 0, runs = 0, next = 0;
  while (kills < kills_asked() && !HasFailure()) {
    const RunFolder one = run("run" + std::to_string(next++));
    bool done = false;
    while (!done) {
      const bool is_run = disk().info(one.config()).has_value();
      Child child(is_run ? std::vector<std::string>{"train", "--resume", one.path().string()} : begin(one),
                  words);
      // Every other kill is during a write: when a temporary file exists, or a moment later.
      const bool aim = kills % 2 == 0;
      const double until = std::pow(random.uniform(), 2) * whole, later = random.uniform() * 0.02;
      const Stopwatch running;
      while (!child.ended() && running.seconds() < until &&
             !(aim && running.seconds() > until / 2 && is_writing(one)))
        wait(poll_seconds);
      if (aim && !child.ended()) wait(later);
      if (child.ended()) {
        ASSERT_EQ(child.exit_code(), 0) << read_text(words);
        done = true;
        break;
      }
      child.kill();
      ++kills;
      while_writing += is_writing(one) ? 1 : 0;
      // At any moment an existing model is complete.
      if (disk().info(one.model())) {
        ASSERT_GT(read_weights(one.model()).tensors.size(), 100U);
      }
    }
    expect_same_runs(one, alone);
    EXPECT_FALSE(is_writing(one)) << "a temporary file was left behind";
    ++runs;
    std::filesystem::remove_all(one.path());
  }
  std::printf("%d kills, %d of them while a file was being written, in %d runs\n", kills, while_writing,
              runs);
  EXPECT_GE(while_writing, kills / 40);  // the number depends on the disk
}

}  // namespace
}  // namespace graft::test
