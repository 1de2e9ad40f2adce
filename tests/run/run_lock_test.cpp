#include "graft/run/run_lock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "graft/core/file_lock.h"
#include "graft/core/files.h"
#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

using ::testing::HasSubstr;

TEST(RunLock, NamesItsOwnerToASecondTrainingAndLeavesNothing) {
  const test::TemporaryFolder folder;
  const RunFolder run(folder.path());
  {
    const RunLock lock(run);
    EXPECT_THAT(test::error_of([&] { RunLock second(run); }),
                HasSubstr("is being written by process " + std::to_string(::getpid()) + " on "));
  }
  EXPECT_FALSE(disk().info(run.lock()));
}

TEST(RunLock, AStaleLockOfThisHostIsTakenOver) {
  const test::TemporaryFolder folder;
  const RunFolder run(folder.path());
  char host[256] = {};
  ASSERT_EQ(::gethostname(host, sizeof host - 1), 0);
  folder.write("run.lock", std::string(host) + "\n999999999\n");
  { const RunLock lock(run); }
  EXPECT_FALSE(disk().info(run.lock()));
  folder.write("run.lock", "");  // its owner was killed before it wrote its name
  { const RunLock lock(run); }
  EXPECT_FALSE(disk().info(run.lock()));
}

TEST(RunLock, ALockOfAnotherHostIsRefusedAndKept) {
  const test::TemporaryFolder folder;
  const RunFolder run(folder.path());
  folder.write("run.lock", "elsewhere\n12\n");
  const std::string error = test::error_of([&] { RunLock lock(run); });
  EXPECT_THAT(error, HasSubstr("process 12 on elsewhere"));
  EXPECT_THAT(error, HasSubstr("remove " + run.lock().string()));
  EXPECT_EQ(read_text(run.lock()), "elsewhere\n12\n");
}

TEST(RunLock, AnotherFileOfThatNameIsKept) {
  const test::TemporaryFolder folder;
  const RunFolder run(folder.path());
  folder.write("run.lock", "mine");
  EXPECT_THAT(test::error_of([&] { RunLock lock(run); }), HasSubstr("is not the lock of a run"));
  EXPECT_THAT(test::error_of([&] { check_not_held(run); }), HasSubstr("is not the lock of a run"));
  EXPECT_EQ(read_text(run.lock()), "mine");
}

// Its contents are not an owner's name.
TEST(RunLock, AFileOfOtherBytesNamesNobody) {
  const test::TemporaryFolder folder;
  const RunFolder run(folder.path());
  for (const std::string& text :
       {std::string(3'000'000, 'x'), std::string("a\x1b[31m\n12\n"), std::string("host\ntwelve\n"),
        std::string(500, 'h') + "\n12\n", std::string("host\n12\nmore\n")}) {
    folder.write("run.lock", text);
    {
      const auto held = FileLock::take_if_free(run.lock());
      EXPECT_EQ(test::error_of([&] { RunLock lock(run); }),
                run.path().string() +
                    ": is being written by another process; wait until it has ended, or use "
                    "another folder");
    }
    EXPECT_THAT(test::error_of([&] { RunLock lock(run); }), HasSubstr("is not the lock of a run"));
  }
}

TEST(RunLock, CheckNotHeldChangesNothing) {
  const test::TemporaryFolder folder;
  const RunFolder run(folder.path());
  check_not_held(run);
  EXPECT_FALSE(disk().info(run.lock()));
  {
    const RunLock lock(run);
    EXPECT_THAT(test::error_of([&] { check_not_held(run); }), HasSubstr("is being written by process"));
  }
  char host[256] = {};
  ASSERT_EQ(::gethostname(host, sizeof host - 1), 0);
  const std::string stale = std::string(host) + "\n999999999\n";
  folder.write("run.lock", stale);
  check_not_held(run);
  EXPECT_EQ(read_text(run.lock()), stale);
}

TEST(RunLock, AFolderThatWasReplacedIsNotItsOwnAnyMore) {
  const test::TemporaryFolder folder;
  const RunFolder run(folder.path() / "run");
  disk().make_directory(run.path());
  {
    const RunLock lock(run);
    lock.check();
    std::filesystem::rename(run.path(), folder.path() / "moved");
    EXPECT_THAT(test::error_of([&] { lock.check(); }),
                HasSubstr(run.path().string() + ": was removed, moved or replaced during training"));
    EXPECT_FALSE(disk().info(run.path()));
    disk().make_directory(run.path());
    folder.write("run/run.lock", "another's");
    EXPECT_THAT(test::error_of([&] { lock.check(); }), HasSubstr("was removed, moved or replaced"));
  }
  EXPECT_EQ(read_text(run.lock()), "another's");
}

}  // namespace
}  // namespace graft
