#include "graft/core/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "graft/core/error.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const DirectoryEntry& entry : disk().list(folder)) names.push_back(entry.name);
  return names;
}

TEST(Files, InfoTellsKindSizeAndIdentity) {
  const test::TemporaryFolder folder;
  const fs::path file = folder.write("a", "12345");
  fs::create_symlink(file, folder.path() / "link");
  fs::create_symlink("nowhere", folder.path() / "dangling");
  EXPECT_EQ(disk().info(file)->size, 5U);
  EXPECT_EQ(disk().info(file)->kind, FileKind::regular);
  EXPECT_EQ(disk().info(folder.path() / "link")->inode, disk().info(file)->inode);
  EXPECT_EQ(disk().info(folder.path())->kind, FileKind::directory);
  EXPECT_FALSE(disk().info(folder.path() / "missing"));
  EXPECT_FALSE(disk().info(folder.path() / "dangling"));
  EXPECT_FALSE(disk().info(file / "below a file"));
}

TEST(Files, ListIsInByteOrderWithTheKindOfALinksTarget) {
  const test::TemporaryFolder folder;
  folder.write("b", "");
  folder.write("B", "");
  folder.write("é", "");
  folder.write("d/x", "");
  fs::create_directory_symlink(folder.path() / "d", folder.path() / "c");
  EXPECT_EQ(names_in(folder.path()), (std::vector<std::string>{"B", "b", "c", "d", "é"}));
  EXPECT_EQ(disk().list(folder.path())[2].kind, FileKind::directory);
}

TEST(Files, ReadRefusesWhatIsNotARegularFileAndWhatIsTooLarge) {
  const test::TemporaryFolder folder;
  const fs::path file = folder.write("a", "12345");
  EXPECT_EQ(disk().read(file, 5).size(), 5U);
  EXPECT_THAT([&] { disk().read(file, 4); },
              ThrowsMessage<Error>(HasSubstr("has 5 bytes, more than the limit of 4")));
  EXPECT_THAT([&] { disk().read(folder.path(), 10); },
              ThrowsMessage<Error>(HasSubstr("is a folder, not a file")));
  EXPECT_THAT([&] { disk().read(folder.path() / "none", 10); },
              ThrowsMessage<Error>(HasSubstr("check the path")));
  const fs::path fifo = folder.path() / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_THAT([&] { disk().read(fifo, 10); }, ThrowsMessage<Error>(HasSubstr("is not a regular file")));
}

TEST(Files, MapGivesTheBytesAndAnEmptyFileIsEmpty) {
  const test::TemporaryFolder folder;
  const auto mapped = disk().map(folder.write("a", "abc"));
  EXPECT_EQ(std::string(mapped->bytes().begin(), mapped->bytes().end()), "abc");
  EXPECT_TRUE(disk().map(folder.write("empty", ""))->bytes().empty());
}

TEST(Files, AppendGoesOnAtTheEnd) {
  const test::TemporaryFolder folder;
  const fs::path file = folder.write("log", "1\n");
  const auto out = disk().append(file);
  out->write("2\n");
  out->close();
  EXPECT_EQ(read_text(file), "1\n2\n");
}

TEST(ReplaceFile, WritesTheWholeAndLeavesNoTemporaryFile) {
  const test::TemporaryFolder folder;
  const fs::path file = folder.write("model", "old");
  replace_file(file, "new");
  EXPECT_EQ(read_text(file), "new");
  EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"model"});
}

TEST(ReplaceFile, AFailureKeepsTheOldFile) {
  const test::TemporaryFolder folder;
  const fs::path file = folder.write("model", "old");
  const auto failing = [](OutputFile& out) {
    out.write("half");
    throw Error("model", "broke");
  };
  EXPECT_THROW(replace_file(file, failing), Error);
  EXPECT_EQ(read_text(file), "old");
  EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"model"});
}

TEST(ReplaceFile, AMissingFolderIsNamed) {
  EXPECT_THAT([] { replace_file("/nonexistent/folder/model", "x"); },
              ThrowsMessage<Error>(HasSubstr("/nonexistent/folder/model")));
}

TEST(TemporaryNames, AreThoseOfReplaceFile) {
  EXPECT_TRUE(is_temporary_name("model.safetensors.123.tmp"));
  for (const char* name :
       {"model.safetensors", "a.tmp", ".tmp", "123.tmp", ".123.tmp", "a.12x.tmp", "a..tmp", "a.1.tmp.txt"})
    EXPECT_FALSE(is_temporary_name(name)) << name;
}

}  // namespace
}  // namespace graft
