// The validation pixels of a real dataset, from file to crop.
#include <gtest/gtest.h>

#include "graft/image/codec.h"
#include "graft/image/resize.h"
#include "tests/image/pixels.h"
#include "tests/support/test_data.h"

namespace graft {
namespace {

TEST(ResizeAndCenterCrop, EqualsTorchvisionOnHymenoptera) {
  const std::filesystem::path folder = test::hymenoptera();
  if (folder.empty()) GTEST_SKIP() << test::no_hymenoptera;
  int compared = 0;
  const auto pictures = test::image_golden("hymenoptera.json");
  for (const auto& [name, line] : pictures.items()) {
    if (!line.contains("bilinear")) continue;
    const Image image = read_image(folder / name);
    for (const Interpolation interpolation : {Interpolation::bilinear, Interpolation::bicubic}) {
      const Image crop = resize_and_center_crop(image.view(), 256, 224, interpolation);
      EXPECT_EQ(test::pixel_hash(crop.view()), line[to_string(interpolation)]) << name;
      ++compared;
    }
  }
  EXPECT_EQ(compared, 2 * 153);
}

}  // namespace
}  // namespace graft
