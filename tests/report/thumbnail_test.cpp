#include "graft/report/thumbnail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/picture_set.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

using ::testing::StartsWith;

TEST(Thumbnail, IsScaledDownToItsLongerSideAndNeverEnlarged) {
  const test::TemporaryFolder folder;
  const Thumbnail wide = read_thumbnail(folder.write("a.ppm", test::generated_picture(0, 1, 100, 400)), 160);
  EXPECT_EQ(wide.height, 40);
  EXPECT_EQ(wide.width, 160);
  EXPECT_THAT(wide.uri, StartsWith("data:image/jpeg;base64,/9j/"));
  const Thumbnail small = read_thumbnail(folder.write("b.ppm", test::generated_picture(0, 1, 20, 30)), 160);
  EXPECT_EQ(small.width, 30);
  const Thumbnail thin = read_thumbnail(folder.write("c.ppm", test::generated_picture(0, 1, 1, 4000)), 160);
  EXPECT_EQ(thin.height, 1);
}

TEST(Thumbnail, WithoutAPictureHasTheReason) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(read_thumbnail(folder.path() / "none.jpg", 160).reason, "the picture does not exist");
  const Thumbnail text = read_thumbnail(folder.write("a.jpg", "no picture"), 160);
  EXPECT_TRUE(text.uri.empty());
  EXPECT_FALSE(text.reason.empty());
  EXPECT_FALSE(read_thumbnail(folder.path(), 160).reason.empty());
}

}  // namespace
}  // namespace graft
