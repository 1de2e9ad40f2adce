#include "graft/data/folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <fstream>

#include "graft/core/error.h"
#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace graft {
namespace {

namespace fs = std::filesystem;
using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// "label path-below-the-root" of each sample.
std::vector<std::string> listing(const Folder& folder) {
  std::vector<std::string> lines;
  for (const Sample& sample : folder.samples) {
    lines.push_back(std::to_string(sample.label) + " " +
                    fs::path(sample.path).lexically_relative(folder.root).string());
  }
  return lines;
}

Folder list_all(const fs::path& root) { return list_folder(root, list_classes(root)); }

TEST(Folder, ListsInTorchvisionsOrder) {
  const TemporaryFolder root;
  std::vector<std::string> expected;
  std::ifstream golden(test::golden("data/folder_order.txt"));
  for (std::string kind, rest; golden >> kind && std::getline(golden >> std::ws, rest);) {
    if (kind == "file") root.write(rest, "");
    if (kind == "listed") expected.push_back(rest);
  }
  ASSERT_EQ(expected.size(), 23U);
  const Folder folder = list_all(root.path());
  EXPECT_EQ(listing(folder), expected);
  EXPECT_THAT(folder.classes, ElementsAre("10", "9", "Bees", "ants", "ants2", "bees"));
  EXPECT_THAT(folder.count_per_class(), ElementsAre(1, 1, 2, 17, 1, 1));
  EXPECT_EQ(folder.ignored.count, 4);
}

TEST(Folder, HasTheHymenopteraPictures) {
  if (test::hymenoptera().empty()) GTEST_SKIP() << test::no_hymenoptera;
  const TrainingData data = open_data_set(test::hymenoptera());
  EXPECT_THAT(data.train.classes, ElementsAre("ants", "bees"));
  EXPECT_EQ(data.train.samples.size(), 244U);
  EXPECT_EQ(data.val.samples.size(), 153U);
  EXPECT_FALSE(data.split);
}

TEST(Folder, ImageExtensionsAreTorchvisionsInAnyCase) {
  for (const char* name :
       {"a.jpg", "a.JPEG", "a.pNg", "a.ppm", "a.bmp", "a.pgm", "a.tif", "a.TIFF", "a.webp"}) {
    EXPECT_TRUE(has_image_extension(name)) << name;
  }
  for (const char* name : {"jpg", "a.gif", "a.jpg.txt", "a.jp", "a.jpg ", "", "a.pbm"}) {
    EXPECT_FALSE(has_image_extension(name)) << name;
  }
}

TEST(Folder, AFolderNamedAsAPictureIsAFolder) {
  const TemporaryFolder root;
  root.write("a/x.jpg/y.jpg", "");
  root.write("b.jpg/z.jpg", "");
  EXPECT_THAT(listing(list_all(root.path())), ElementsAre("0 a/x.jpg/y.jpg", "1 b.jpg/z.jpg"));
}

TEST(Folder, SpecialFilesAreIgnoredAndCounted) {
  const TemporaryFolder root;
  root.write("a/1.jpg", "");
  ASSERT_EQ(::mkfifo((root.path() / "a/2.jpg").c_str(), 0600), 0);
  sockaddr_un address{AF_UNIX, "socket.jpg"};
  const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
  const fs::path before = fs::current_path();
  fs::current_path(root.path() / "a");  // a socket's path has room for about 100 characters
  EXPECT_EQ(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  fs::current_path(before);
  ::close(listener);
  fs::create_symlink("nowhere.jpg", root.path() / "a/3.jpg");
  const Folder folder = list_all(root.path());
  EXPECT_THAT(listing(folder), ElementsAre("0 a/1.jpg"));
  EXPECT_EQ(folder.ignored.count, 3);
  EXPECT_EQ(folder.ignored.first, (root.path() / "a/2.jpg").string());
}

TEST(Folder, LinksAreFollowed) {
  const TemporaryFolder root, elsewhere;
  const fs::path picture = elsewhere.write("pictures/1.jpg", "");
  root.write("a/0.jpg", "");
  fs::create_symlink(picture, root.path() / "a/linked.jpg");
  fs::create_directory_symlink(elsewhere.path() / "pictures", root.path() / "b");
  EXPECT_THAT(list_classes(root.path()), ElementsAre("a", "b"));
  EXPECT_THAT(listing(list_all(root.path())), ElementsAre("0 a/0.jpg", "0 a/linked.jpg", "1 b/1.jpg"));
}

TEST(Folder, LoopsOfLinksAreNotFollowed) {
  const TemporaryFolder root;
  root.write("train/a/1.jpg", "");
  root.write("train/a/deep/2.jpg", "");
  root.write("train/b/3.jpg", "");
  // Links to the folder itself, its parent, the root (whose other classes are not "a"), and above the root.
  fs::create_directory_symlink(".", root.path() / "train/a/deep/self");
  fs::create_directory_symlink("..", root.path() / "train/a/deep/up");
  fs::create_directory_symlink("../..", root.path() / "train/a/deep/root");
  fs::create_directory_symlink("../../..", root.path() / "train/a/deep/above");
  fs::create_symlink("loop.jpg", root.path() / "train/a/loop.jpg");
  const Folder folder = list_all(root.path() / "train");
  EXPECT_THAT(listing(folder), ElementsAre("0 a/1.jpg", "0 a/deep/2.jpg", "1 b/3.jpg"));
}

TEST(Folder, TwoLinksToOneFolderAreNoLoop) {
  const TemporaryFolder root;
  root.write("shared/1.jpg", "");
  root.write("data/a/0.jpg", "");
  fs::create_directory_symlink("../../shared", root.path() / "data/a/x");
  fs::create_directory_symlink("../../shared", root.path() / "data/a/y");
  EXPECT_THAT(listing(list_all(root.path() / "data")),
              ElementsAre("0 a/0.jpg", "0 a/x/1.jpg", "0 a/y/1.jpg"));
}

TEST(Folder, HiddenNamesAreNeitherClassesNorPictures) {
  const TemporaryFolder root;
  root.write("a/1.jpg", "");
  root.write("a/._1.jpg", "");
  root.write("a/.DS_Store", "");
  root.write("a/.ipynb_checkpoints/1-checkpoint.jpg", "");
  root.write(".git/HEAD", "");
  root.write(".trash/2.jpg", "");
  const Folder folder = list_all(root.path());
  EXPECT_THAT(folder.classes, ElementsAre("a"));
  EXPECT_THAT(listing(folder), ElementsAre("0 a/1.jpg"));
  EXPECT_EQ(folder.ignored.count, 3);  // only the pictures
}

TEST(Folder, FoldersOfSystemsAreNotClasses) {
  const TemporaryFolder root;
  root.write("a/1.jpg", "");
  for (const char* name : {"__MACOSX", "@eaDir", "#recycle", "@Recycle", "$RECYCLE.BIN"}) {
    root.write(std::string(name) + "/2.jpg", "");
    root.write("a/" + std::string(name) + "/1.jpg/thumbnail.jpg", "");
  }
  const Folder folder = list_all(root.path());
  EXPECT_THAT(folder.classes, ElementsAre("a"));
  EXPECT_THAT(listing(folder), ElementsAre("0 a/1.jpg"));
}

TEST(Folder, PicturesInNoClassFolderAreCounted) {
  const TemporaryFolder root;
  root.write("a/1.jpg", "");
  root.write("loose.jpg", "");
  root.write("README", "");
  EXPECT_EQ(list_all(root.path()).ignored.count, 1);
}

TEST(Folder, ClassesAreBoundByNameAndNeverLeaveTheFolder) {
  const TemporaryFolder root;
  root.write("outside/1.jpg", "");
  root.write("data/b/1.jpg", "");
  const Folder folder = list_folder(root.path() / "data", {"a", "b", "../outside", "..", ".", ""});
  EXPECT_THAT(listing(folder), ElementsAre("1 b/1.jpg"));
}

TEST(Folder, AMissingRootIsAnError) {
  EXPECT_THROW(list_classes("/nonexistent/data"), Error);
  EXPECT_THROW(list_folder("/nonexistent/data", {"a"}), Error);
}

TEST(ListPictures, GivesAFileItselfAndAFolderInByteOrder) {
  const TemporaryFolder root;
  root.write("b.jpg", "");
  root.write("a/z.png", "");
  root.write("a/.hidden.png", "");
  root.write("a.txt", "");
  const std::string base = root.path().string();
  EXPECT_THAT(list_pictures(base), ElementsAre(base + "/a/z.png", base + "/b.jpg"));
  EXPECT_THAT(list_pictures(base + "/"), ElementsAre(base + "/a/z.png", base + "/b.jpg"));
  EXPECT_THAT(list_pictures(base + "/a.txt"), ElementsAre(base + "/a.txt"));
}

// Reading them reports the error.
TEST(ListPictures, IncludesUnreadableFilesWithAPicturesEnding) {
  const TemporaryFolder root;
  root.write("a.jpg", "");
  ASSERT_EQ(::mkfifo((root.path() / "pipe.jpg").c_str(), 0600), 0);
  fs::create_symlink("nowhere", root.path() / "link.png");
  fs::create_symlink("nowhere", root.path() / "link.txt");
  const std::string base = root.path().string();
  EXPECT_THAT(list_pictures(base), ElementsAre(base + "/a.jpg", base + "/link.png", base + "/pipe.jpg"));
}

TEST(ListPictures, LeavesOutRunFoldersBelowOnRequest) {
  const TemporaryFolder root;
  root.write("new/a.jpg", "");
  root.write("run/config.json", R"({"format": "graft-run"})");
  root.write("run/chart.png", "");
  const std::string base = root.path().string();
  std::vector<std::string> runs;
  EXPECT_THAT(list_pictures(base, &runs), ElementsAre(base + "/new/a.jpg"));
  EXPECT_THAT(runs, ElementsAre(base + "/run"));
  EXPECT_THAT(list_pictures(base), ElementsAre(base + "/new/a.jpg", base + "/run/chart.png"));
  EXPECT_THAT(list_pictures(base + "/run", &runs), ElementsAre(base + "/run/chart.png"));
}

std::string failure_of(const fs::path& path) {
  try {
    list_pictures(path);
  } catch (const Error& error) {
    return error.problem();
  }
  return "";
}

TEST(ListPictures, NothingToReadIsAnError) {
  const TemporaryFolder root;
  fs::create_directory(root.path() / "empty");
  ASSERT_EQ(::mkfifo((root.path() / "pipe.jpg").c_str(), 0600), 0);
  EXPECT_EQ(failure_of(root.path() / "missing"), "there is no such file or folder");
  EXPECT_EQ(failure_of(root.path() / "empty"), "holds no pictures");
  EXPECT_EQ(failure_of(root.path() / "pipe.jpg"), "is neither a file nor a folder");
}

TEST(ListPictures, PicturesOfRunsAloneAreAnErrorThatNamesARun) {
  const TemporaryFolder root;
  root.write("trained/config.json", R"({"format": "graft-run"})");
  root.write("trained/chart.png", "");
  std::vector<std::string> runs;
  EXPECT_EQ(test::error_of([&] { list_pictures(root.path(), &runs); }),
            root.path().string() + ": holds no pictures outside of run folders, which are ignored (" +
                root.path().string() + "/trained); name the pictures");
}

}  // namespace
}  // namespace graft
