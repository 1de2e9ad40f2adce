#include "graft/data/picture_block.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "graft/core/error.h"
#include "graft/data/transform.h"
#include "graft/image/codec.h"
#include "tests/data/pictures.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

bool equal(const Image& a, const Image& b) {
  return a.height() == b.height() && a.width() == b.width() &&
         std::equal(a.data(), a.data() + a.size_bytes(), b.data());
}

class PictureBlocks : public ::testing::Test {
 protected:
  PictureBlocks() {
    preprocess_.resize = 40;
    preprocess_.crop = 32;
    for (const Size& size : {Size{90, 130}, Size{140, 70}, Size{20, 30}, Size{64, 64}}) {
      pictures_.push_back(test::formula_picture(size.height, size.width));
      const std::string name = std::to_string(pictures_.size()) + ".ppm";
      samples_.push_back({folder_.write(name, test::ppm(pictures_.back())).string(), 0});
    }
  }
  PictureBlock read(bool skip_bad, const PictureMaker& make) const {
    return read_block(samples_, decode_options_of(preprocess_), workers_, skip_bad, make);
  }

  test::TemporaryFolder folder_;
  Preprocess preprocess_;
  int workers_ = 3;
  std::vector<Image> pictures_;
  std::vector<Sample> samples_;
};

TEST_F(PictureBlocks, LargePicturesAreShrunkAsPillowDoes) {
  const PictureBlock block = read(false, keep_shrunk(preprocess_, 64));
  ASSERT_EQ(block.pictures.size(), 4U);
  EXPECT_TRUE(block.bad.empty());
  for (std::size_t i = 0; i < 4; ++i) {
    const Image& whole = pictures_[i];
    const KeptPicture& kept = block.pictures[i];
    EXPECT_EQ(kept.whole, (Size{whole.height(), whole.width()}));
    const bool small = std::min(whole.height(), whole.width()) <= 64;
    EXPECT_TRUE(equal(kept.pixels,
                      small ? resize(whole.view(), whole.height(), whole.width(), Interpolation::bilinear)
                            : resize_shorter_side(whole.view(), 64, Interpolation::bilinear)));
  }
}

TEST_F(PictureBlocks, FastDecodingShrinksToTheSameSize) {
  samples_ = {
      {folder_.write("big.jpg", encode_jpeg(test::formula_picture(800, 1000).view(), 95)).string(), 0}};
  preprocess_.decode = DecodeMode::fast;
  const PictureBlock block = read(false, keep_shrunk(preprocess_, 64));
  const KeptPicture& kept = block.pictures.front();
  EXPECT_EQ(kept.pixels.height(), 64);
  EXPECT_EQ(kept.pixels.width(), 80);
  EXPECT_EQ(kept.whole, (Size{800, 1000}));
}

TEST_F(PictureBlocks, ValidationCropsAreTheTransforms) {
  for (const int workers : {0, 1, 8}) {
    workers_ = workers;
    const PictureBlock block = read(false, keep_val_crop(preprocess_));
    for (std::size_t i = 0; i < 4; ++i) {
      EXPECT_TRUE(equal(block.pictures[i].pixels, transform_val(pictures_[i].view(), preprocess_)));
    }
  }
}

TEST_F(PictureBlocks, TheFirstBadPictureIsThrownOrAllAreCounted) {
  const auto bad = folder_.write("bad.ppm", "P6\n"), worse = folder_.write("worse.ppm", "");
  samples_.insert(samples_.begin() + 1, {bad.string(), 0});
  samples_.push_back({worse.string(), 0});
  const PictureMaker make = keep_shrunk(preprocess_, 64);
  EXPECT_THAT([&] { read(false, make); }, ThrowsMessage<Error>(HasSubstr(bad.string())));
  const PictureBlock block = read(true, make);
  ASSERT_EQ(block.bad.size(), 2U);
  EXPECT_EQ(block.bad[0].path, bad.string());
  EXPECT_EQ(block.bad[1].path, worse.string());
  EXPECT_TRUE(block.pictures[1].pixels.empty());
  EXPECT_FALSE(block.pictures[2].pixels.empty());
}

}  // namespace
}  // namespace graft
