// Pictures that break programs (tests/golden/images/awkward.json, made by tools/goldens/images.py), and
// special files that are named like pictures.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "graft/core/error.h"
#include "graft/image/codec.h"
#include "tests/image/judged.h"
#include "tests/image/pixels.h"
#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/within.h"

namespace graft {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr double max_seconds = 1;
constexpr std::uint64_t most_bytes = 64 << 20;

TEST(AwkwardPictures, EqualPillowsOrAreRefused) {
  const auto cases = test::image_golden("awkward.json");
  EXPECT_GE(cases.size(), 100U);
  for (const auto& line : cases) {
    nlohmann::json expected = line, actual;
    if (line.contains("stricter")) {  // Pillow reads it or invents data; graft rejects it
      for (const char* key : {"height", "width", "pixels", "turned"}) expected.erase(key);
      expected["refused"] = true;
    }
    test::within(max_seconds, most_bytes, [&] { actual = test::judged(line); });
    EXPECT_EQ(actual, expected);
  }
}

// Small files of each format that declare the largest allowed size: reading them allocates memory for the
// pixels only, and only if the size is plausible.
TEST(AwkwardPictures, TheLimitOnPixelsComesFirst) {
  for (const char* name : {"size_65500.jpg", "size_huge.png", "size_huge.tif", "size_huge.bmp",
                           "bad_huge.ppm", "awkward_nothing_after_size.ppm"}) {
    const auto bytes = test::golden_file(name);
    // Includes the pages of libraries that are used for the first time.
    test::within(max_seconds, 16 << 20, [&] {
      EXPECT_THAT(test::error_of([&] { decode_image(bytes, name, {.max_pixels = 1'000'000}); }),
                  HasSubstr("limit of 1000000"));
    });
  }
}

void expect_refused(const fs::path& path, const std::string& words) {
  test::within(max_seconds, most_bytes, [&] {
    EXPECT_THAT(test::error_of([&] { read_image(path); }),
                testing::AllOf(HasSubstr("x.jpg"), HasSubstr(words)));
  });
}

TEST(AwkwardPictures, RefuseAFifo) {
  const test::TemporaryFolder folder;
  const fs::path path = folder.path() / "x.jpg";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  expect_refused(path, "is not a regular file");
}

TEST(AwkwardPictures, RefuseAFolder) {
  const test::TemporaryFolder folder;
  fs::create_directory(folder.path() / "x.jpg");
  expect_refused(folder.path() / "x.jpg", "is a folder");
}

TEST(AwkwardPictures, RefuseASocket) {
  const test::TemporaryFolder folder;
  const fs::path path = folder.path() / "x.jpg";
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_GE(socket, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  ASSERT_LT(path.string().size(), sizeof address.sun_path);
  std::strcpy(address.sun_path, path.c_str());
  ASSERT_EQ(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  expect_refused(path, "cannot open");
  ::close(socket);
}

TEST(AwkwardPictures, RefuseBrokenAndCircularLinks) {
  const test::TemporaryFolder folder;
  const fs::path path = folder.path() / "x.jpg";
  fs::create_symlink("nowhere", path);
  expect_refused(path, "is a broken link");
  fs::remove(path);
  fs::create_symlink("x.jpg", path);
  expect_refused(path, "cannot open");
}

TEST(AwkwardPictures, RefuseADevice) {
  const test::TemporaryFolder folder;
  fs::create_symlink("/dev/zero", folder.path() / "x.jpg");
  expect_refused(folder.path() / "x.jpg", "is not a regular file");
}

}  // namespace
}  // namespace graft
