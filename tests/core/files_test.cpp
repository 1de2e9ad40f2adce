#include "graft/core/files.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "graft/core/bus_error.h"
#include "graft/core/error.h"
#include "tests/support/error_of.h"
#include "tests/support/faulty_disk.h"
#include "tests/support/pass_through_disk.h"
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

TEST(Files, InfoHasKindSizeAndIdentity) {
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

TEST(Files, CreatesTheTargetFolderOfABrokenLink) {
  const test::TemporaryFolder folder;
  fs::create_symlink("new", folder.path() / "link");
  disk().make_directories(folder.path() / "link");
  EXPECT_TRUE(fs::is_symlink(folder.path() / "link"));
  EXPECT_TRUE(fs::is_directory(folder.path() / "new"));
}

TEST(Files, ReadRefusesSpecialAndLargeFiles) {
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

// Of another process, which is reading it.
TEST(FilesDeathTest, AFileThatBecomesShorterIsNamed) {
  const test::TemporaryFolder folder;
  const auto path = folder.write("big.bin", std::string(1 << 16, 'x'));
  const auto read_shortened = [&] {
    name_shortened_files();
    const auto file = disk().map(path);
    (void)::truncate(path.c_str(), 0);
    volatile std::uint8_t sum = 0;
    for (const std::uint8_t byte : file->bytes()) sum = static_cast<std::uint8_t>(sum + byte);
  };
  EXPECT_EXIT(read_shortened(), testing::ExitedWithCode(1), "big.bin: became shorter while it was read");
}

TEST(Files, AppendWritesAtTheEnd) {
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

TEST(ReplaceFiles, AFailureOfOneKeepsAllOldFiles) {
  const test::TemporaryFolder folder;
  const fs::path config = folder.write("config", "old"), weights = folder.write("weights", "old");
  const auto broken = [](OutputFile& out) {
    out.write("half");
    throw Error("weights", "broke");
  };
  const std::vector<NewFile> files = {{config, [](OutputFile& out) { out.write("new"); }}, {weights, broken}};
  EXPECT_THROW(replace_files(files), Error);
  EXPECT_EQ(read_text(config), "old");
  EXPECT_EQ(read_text(weights), "old");
  EXPECT_EQ(names_in(folder.path()), (std::vector<std::string>{"config", "weights"}));
}

// The first file describes the others.
TEST(ReplaceFiles, TheFirstIsNeverBesideTheWrongOnes) {
  bool complete = false;
  for (std::int64_t call = 0; !complete; ++call) {
    const test::TemporaryFolder folder;
    const fs::path config = folder.write("config", "old"), weights = folder.write("weights", "old");
    const auto fill = [](OutputFile& out) { out.write("new"); };
    test::FaultyDisk faulty;
    faulty.fail_at = call;
    faulty.error = EIO;
    {
      const ScopedDisk scope(faulty);
      try {
        replace_files(std::vector<NewFile>{{config, fill}, {weights, fill}});
      } catch (const Error&) {
      }
    }
    complete = !faulty.has_failed();
    const bool described = disk().info(config).has_value();
    EXPECT_EQ(described ? read_text(config) : read_text(weights), read_text(weights)) << call;
    EXPECT_TRUE(described || !complete);
    EXPECT_TRUE(!complete || read_text(weights) == "new");
    for (const std::string& name : names_in(folder.path())) EXPECT_FALSE(is_temporary_name(name)) << name;
  }
}

TEST(ReplaceFile, AMissingFolderIsNamed) {
  EXPECT_THAT([] { replace_file("/nonexistent/folder/model", "x"); },
              ThrowsMessage<Error>(HasSubstr("/nonexistent/folder: there is no such folder")));
}

TEST(ReplaceFile, FollowsLinksAndKeepsThem) {
  const test::TemporaryFolder folder;
  const fs::path file = folder.write("kept", "old"), link = folder.path() / "link";
  const fs::path dangling = folder.path() / "dangling";
  fs::create_symlink("kept", link);
  fs::create_symlink("new", dangling);
  replace_file(link, "new");
  replace_file(dangling, "there now");
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_TRUE(fs::is_symlink(dangling));
  EXPECT_EQ(read_text(file), "new");
  EXPECT_EQ(read_text(folder.path() / "new"), "there now");
}

TEST(ReplaceFile, KeepsThePermissions) {
  const test::TemporaryFolder folder;
  const fs::path file = folder.write("a", "old");
  disk().set_permissions(file, 0640);
  replace_file(file, "new");
  EXPECT_EQ(disk().info(file)->permissions, 0640U);
}

TEST(ReplaceFile, WritesDirectlyToSpecialFiles) {
  const test::TemporaryFolder folder;
  const fs::path fifo = folder.path() / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  const int reader = ::open(fifo.c_str(), O_RDONLY | O_NONBLOCK);
  ASSERT_GE(reader, 0);
  replace_file(fifo, "through");
  char text[16] = {};
  EXPECT_EQ(::read(reader, text, sizeof text), 7);
  ::close(reader);
  EXPECT_STREQ(text, "through");
  EXPECT_TRUE(fs::is_fifo(fifo));
  EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"fifo"});
}

// Like a file mounted into a container, or in another user's folder.
class NothingIsReplaced : public test::PassThroughDisk {
 public:
  bool can_replace(const fs::path&) override { return false; }
  void rename(const fs::path&, const fs::path& to) override { throw Error(to.string(), "is busy"); }
};

TEST(ReplaceFile, WritesInPlaceIfTheFileCannotBeReplaced) {
  const test::TemporaryFolder folder;
  const fs::path file = folder.write("table.csv", "a longer table than the new one");
  const auto inode = disk().info(file)->inode;
  NothingIsReplaced fixed;
  const ScopedDisk scope(fixed);
  check_replace_file(file);
  EXPECT_EQ(read_text(file), "a longer table than the new one");
  EXPECT_THROW(replace_file(file,
                            [](OutputFile& out) {
                              out.write("half");
                              throw Error("model", "broke");
                            }),
               Error);
  EXPECT_EQ(read_text(file), "a longer table than the new one");
  replace_file(file, "new");
  EXPECT_EQ(read_text(file), "new");
  EXPECT_EQ(disk().info(file)->inode, inode);
  EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"table.csv"});
}

TEST(ReplaceFile, DoesNotReplaceInAnotherUsersFolder) {
  const test::TemporaryFolder folder;
  const fs::path file = folder.write("w.csv", "");
  EXPECT_TRUE(disk().can_replace(file));
  if (::geteuid() == 0) GTEST_SKIP() << "root may change every folder";
  fs::permissions(folder.path(), fs::perms::owner_read | fs::perms::owner_exec);
  EXPECT_FALSE(disk().can_replace(file));
  fs::permissions(folder.path(), fs::perms::owner_all);
}

TEST(ReplaceFile, WritesANameOfMaximumLength) {
  const test::TemporaryFolder folder;
  for (const std::size_t size : {251U, 255U}) {
    const fs::path file = folder.path() / std::string(size, 'x');
    check_replace_file(file);
    replace_file(file, "long");
    EXPECT_EQ(read_text(file), "long") << size;
  }
  EXPECT_EQ(names_in(folder.path()).size(), 2U);
}

TEST(ReplaceFile, AFolderIsRefused) {
  const test::TemporaryFolder folder;
  EXPECT_THAT([&] { replace_file(folder.path(), "x"); },
              ThrowsMessage<Error>(HasSubstr("is a folder, not a file")));
}

TEST(CheckReplaceFile, CreatesOnlyTheFolder) {
  const test::TemporaryFolder folder;
  const fs::path file = folder.path() / "a/b/model";
  check_replace_file(file);
  EXPECT_TRUE(names_in(folder.path() / "a/b").empty());
  folder.write("file", "");
  EXPECT_THROW(check_replace_file(folder.path() / "file/model"), Error);
}

TEST(Files, MakeDirectoryReturnsWhetherItIsNew) {
  const test::TemporaryFolder folder;
  EXPECT_TRUE(disk().make_directory(folder.path() / "a"));
  EXPECT_FALSE(disk().make_directory(folder.path() / "a"));
  EXPECT_THROW(disk().make_directory(folder.path() / "none/a"), Error);
}

TEST(Files, ResolveIsEmptyForAnOpenFile) {
  EXPECT_FALSE(disk().resolve("/proc/self/fd/0"));
  EXPECT_EQ(*disk().resolve("/nonexistent"), "/nonexistent");
}

TEST(TemporaryNames, AreThoseOfReplaceFile) {
  EXPECT_TRUE(is_temporary_name("model.safetensors.123.tmp"));
  for (const char* name :
       {"model.safetensors", "a.tmp", ".tmp", "123.tmp", ".123.tmp", "a.12x.tmp", "a..tmp", "a.1.tmp.txt"})
    EXPECT_FALSE(is_temporary_name(name)) << name;
}

TEST(Files, NamesABrokenLink) {
  const test::TemporaryFolder folder;
  std::filesystem::create_symlink("nowhere", folder.path() / "link");
  EXPECT_EQ(test::error_of([&] { disk().read(folder.path() / "link", 10); }),
            (folder.path() / "link").string() + ": is a broken link; repair or remove it");
}

TEST(Paths, AreWholeWhateverTheyName) {
  const test::TemporaryFolder folder;
  fs::create_directory(folder.path() / "real");
  fs::create_symlink("real", folder.path() / "link");
  const fs::path base = fs::canonical(folder.path());
  EXPECT_EQ(resolved_path(folder.path() / "link/new.txt"), base / "real/new.txt");
  EXPECT_EQ(resolved_path(folder.path() / "link/../a"), base / "a");
  EXPECT_EQ(absolute_path("a/../b"), fs::current_path() / "b");
  EXPECT_EQ(folder_of("a"), ".");
  // A path that the system refuses to look at.
  const fs::path refused = folder.path() / std::string(300, 'x') / "a";
  EXPECT_EQ(resolved_path(refused), refused);
  EXPECT_TRUE(is_same_file(folder.path() / "link", folder.path() / "real"));
  EXPECT_FALSE(is_same_file(folder.path() / "none", folder.path() / "none"));
}

TEST(Paths, NeedACurrentFolderOnlyIfTheyAreRelative) {
  const fs::path before = fs::current_path();
  {
    const test::TemporaryFolder folder;
    fs::create_directory(folder.path() / "gone");
    fs::current_path(folder.path() / "gone");
    fs::remove(folder.path() / "gone");
    EXPECT_EQ(absolute_path("/a"), "/a");
    EXPECT_THAT(test::error_of([] { absolute_path("a"); }),
                HasSubstr("a: is relative to the current folder"));
  }
  fs::current_path(before);
}

}  // namespace
}  // namespace graft
