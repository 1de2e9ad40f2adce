#include "graft/run/feature_map.h"

#include <gtest/gtest.h>

#include "graft/core/error.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

TEST(FeatureMapFile, IsReadAsItWasWritten) {
  const test::TemporaryFolder folder;
  write_feature_map(folder.path() / "feature_map.csv", {{"a,b.jpg", 0.25, -3}, {"c.jpg", 1e-9, 2}});
  const auto points = read_feature_map(folder.path() / "feature_map.csv");
  ASSERT_EQ(points.size(), 2U);
  EXPECT_EQ(points[0].path, "a,b.jpg");
  EXPECT_EQ(points[0].y, -3);
  EXPECT_EQ(points[1].x, 1e-9);
  folder.write("feature_map.csv", "path,x,y\na.jpg,1,left\n");
  EXPECT_THROW(read_feature_map(folder.path() / "feature_map.csv"), Error);
}

}  // namespace
}  // namespace graft
