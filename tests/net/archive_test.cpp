#include "graft/net/archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "graft/core/files.h"
#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"
#include "tests/weights/refusal.h"
#include "tests/weights/zip_bytes.h"

namespace graft {
namespace {

using test::deflated_record;
using test::error_of;
using test::Refusal;
using test::zip_of;
using test::ZipRecord;
using testing::HasSubstr;

std::uint32_t mode(std::uint32_t bits) { return bits << 16; }

TEST(UnpackZip, WritesFilesAndFoldersAndReportsBytes) {
  const test::TemporaryFolder folder;
  const std::string long_text(300'000, 'x');
  const auto archive =
      folder.write("set.zip", zip_of({{.name = "set/", .attributes = mode(S_IFDIR | 0755)},
                                      deflated_record("set/train/ants/1.jpg", long_text),
                                      {.name = "set/two.txt", .data = "two", .attributes = mode(S_IFREG)},
                                      {.name = "set/empty/"}}));
  folder.write("to/set/two.txt", "an older file");
  Progress last;
  unpack_zip(archive, folder.path() / "to", {}, [&](const Progress& progress) { last = progress; });
  EXPECT_EQ(read_text(folder.path() / "to/set/train/ants/1.jpg"), long_text);
  EXPECT_EQ(read_text(folder.path() / "to/set/two.txt"), "two");
  EXPECT_EQ(disk().info(folder.path() / "to/set/empty")->kind, FileKind::directory);
  EXPECT_EQ(last.done, 300'003U);
  EXPECT_EQ(last.total, 300'003U);
}

std::vector<Refusal> archive_refusals() {
  const auto with = [](const ZipRecord& bad) { return zip_of({{.name = "good/file", .data = "good"}, bad}); };
  const auto named = [&](const std::string& name) { return with({.name = name, .data = "x"}); };
  const auto of_kind = [&](std::uint32_t bits) {
    return with({.name = "a", .data = "x", .attributes = mode(bits)});
  };
  return {
      {"Parent", named("../evil"), "is outside the folder"},
      {"ParentWithin", named("a/../../evil"), "is outside the folder"},
      {"ParentAtTheEnd", named("a/.."), "is outside the folder"},
      {"Absolute", named("/etc/passwd"), "absolute path"},
      {"Backslash", named("..\\evil"), "backslash"},
      {"Drive", named("C:/evil"), "names a drive"},
      {"Dot", named("a/./b"), "empty part"},
      {"TwoSlashes", named("a//b"), "empty part"},
      {"OnlySlash", with({.name = "a//"}), "empty part"},
      {"LongName", named(std::string(2000, 'a')), "above 1024 bytes"},
      {"Link", of_kind(S_IFLNK | 0777), "symbolic link"},
      {"CharacterDevice", of_kind(S_IFCHR), "neither a file nor a folder"},
      {"BlockDevice", of_kind(S_IFBLK), "neither a file nor a folder"},
      {"Pipe", of_kind(S_IFIFO), "neither a file nor a folder"},
      {"FolderWithoutASlash", of_kind(S_IFDIR), "neither a file nor a folder"},
      {"FolderWithContents", named("a/"), "is a folder with data"},
      {"FileUsedAsAFolder", named("good"), "a file and a folder at once"},
      {"NameTwice", named("good/file"), "two entries named"},
  };
}

class UnpackRefusal : public testing::TestWithParam<Refusal> {};

TEST_P(UnpackRefusal, WritesNothing) {
  const test::TemporaryFolder folder;
  const auto archive = folder.write("set.zip", GetParam().bytes);
  const std::string message = error_of([&] { unpack_zip(archive, folder.path() / "to"); });
  EXPECT_THAT(message, HasSubstr(GetParam().problem));
  EXPECT_FALSE(disk().info(folder.path() / "to"));
}

INSTANTIATE_TEST_SUITE_P(Weights, UnpackRefusal, testing::ValuesIn(archive_refusals()),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(UnpackZip, LimitsHold) {
  const test::TemporaryFolder folder;
  const auto archive =
      folder.write("set.zip", zip_of({{.name = "a", .data = "12345"}, {.name = "b", .data = "12345"}}));
  const auto refusal = [&](const UnpackOptions& options) {
    return error_of([&] { unpack_zip(archive, folder.path() / "to", options); });
  };
  EXPECT_THAT(refusal({.max_bytes = 9}), HasSubstr("more than 9 bytes; nothing was unpacked"));
  EXPECT_THAT(refusal({.max_entries = 1}), HasSubstr("more than 1 entries; nothing was unpacked"));
  EXPECT_FALSE(disk().info(folder.path() / "to"));
  EXPECT_EQ(refusal({.max_bytes = 10, .max_entries = 2}), "");
}

TEST(UnpackZip, ABombStopsAtItsDeclaredSize) {
  const test::TemporaryFolder folder;
  ZipRecord bomb = deflated_record("bomb", std::string(16 << 20, '\0'));
  bomb.size = 1000;
  const auto archive = folder.write("set.zip", zip_of({bomb}));
  EXPECT_THAT(error_of([&] { unpack_zip(archive, folder.path() / "to"); }),
              HasSubstr("more bytes than it declares"));
  EXPECT_EQ(disk().info(folder.path() / "to/bomb")->size, 0U);
}

}  // namespace
}  // namespace graft
