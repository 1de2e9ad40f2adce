#include "graft/run/classes_file.h"

#include <gtest/gtest.h>

#include "graft/core/files.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

TEST(ClassesFile, HasOneClassALine) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "classes.txt";
  write_classes(path, {"ants", "bees and wasps", "\xff", "two\nlines"});
  EXPECT_EQ(read_text(path), "ants\nbees and wasps\n\xff\ntwo lines\n");
  EXPECT_EQ(read_classes(path), (std::vector<std::string>{"ants", "bees and wasps", "\xff", "two lines"}));
}

}  // namespace
}  // namespace graft
