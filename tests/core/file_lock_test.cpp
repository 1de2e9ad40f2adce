#include "graft/core/file_lock.h"

#include <gtest/gtest.h>

#include "graft/core/files.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

TEST(FileLock, IsExclusive) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "lock";
  {
    const auto first = FileLock::take_if_free(path);
    ASSERT_TRUE(first);
    EXPECT_FALSE(FileLock::take_if_free(path));
  }
  EXPECT_TRUE(FileLock::take_if_free(path));
}

TEST(FileLock, KeepsItsTextAndIsRemovedByItsHolder) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "lock";
  const auto lock = FileLock::take_if_free(path);
  lock->set_text("a longer text");
  lock->set_text("short");
  EXPECT_EQ(lock->text(), "short");
  EXPECT_EQ(read_text(path), "short");
  lock->remove();
  EXPECT_FALSE(disk().info(path));
  EXPECT_TRUE(FileLock::take_if_free(path)) << "another file of that name is another lock";
}

TEST(FileLock, IsInPlaceUntilItsFileIsMovedAndDoesNotRemoveAnother) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "lock";
  const auto lock = FileLock::take_if_free(path);
  EXPECT_TRUE(lock->is_in_place());
  std::filesystem::rename(path, folder.path() / "moved");
  EXPECT_FALSE(lock->is_in_place());
  folder.write("lock", "another's");
  EXPECT_FALSE(lock->is_in_place());
  lock->remove();
  EXPECT_EQ(read_text(path), "another's");
  std::filesystem::rename(folder.path() / "moved", path);
  EXPECT_TRUE(lock->is_in_place());
}

}  // namespace
}  // namespace graft
