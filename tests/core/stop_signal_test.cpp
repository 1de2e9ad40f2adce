#include "graft/core/stop_signal.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

#include "graft/core/files.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

// In processes of their own: the signals are recorded for the life of a process.
// Under ThreadSanitizer a signal that is raised within a handler does not end the process, whose last resort
// is _exit().
#ifdef __SANITIZE_THREAD__
auto ended_by(int signal) { return ::testing::ExitedWithCode(128 + signal); }
#else
auto ended_by(int signal) { return ::testing::KilledBySignal(signal); }
#endif

TEST(StopSignal, OneStopThatComesTwiceIsRecorded) {
  EXPECT_EXIT(
      {
        const StopSignal stop;
        std::raise(SIGTERM);
        std::raise(SIGTERM);
        std::raise(SIGINT);
        ::_exit(StopSignal::received() == SIGTERM ? 0 : 1);
      },
      ::testing::ExitedWithCode(0), "");
}

TEST(StopSignal, ASecondStopEndsTheProcess) {
  EXPECT_EXIT(
      {
        const StopSignal stop;
        std::raise(SIGINT);
        ::usleep(600'000);
        std::raise(SIGTERM);
        ::_exit(0);
      },
      ended_by(SIGTERM), "");
}

TEST(StopSignal, AfterItsLifeAStopEndsTheProcess) {
  EXPECT_EXIT(
      {
        { const StopSignal stop; }
        std::raise(SIGINT);
        ::_exit(0);
      },
      ::testing::KilledBySignal(SIGINT), "");
}

TEST(StopSignal, NoTemporaryFileRemains) {
  test::TemporaryFolder folder;
  for (const int number : {SIGHUP, SIGINT, SIGTERM}) {
    EXPECT_EXIT(
        {
          end_cleanly_at_signals();
          replace_file(folder.path() / "a.csv", [&](OutputFile& file) {
            file.write("half");
            std::raise(number);
          });
        },
        ended_by(number), "");
    EXPECT_TRUE(disk().list(folder.path()).empty()) << number;
  }
}

TEST(StopSignal, AnIgnoredSignalStaysIgnored) {
  EXPECT_EXIT(
      {
        std::signal(SIGHUP, SIG_IGN);
        end_cleanly_at_signals();
        std::raise(SIGHUP);
        ::_exit(0);
      },
      ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace graft
