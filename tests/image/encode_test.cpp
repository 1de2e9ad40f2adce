#include "graft/image/codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/core/error.h"
#include "tests/image/pixels.h"

namespace graft {
namespace {

using test::equal_pixels;
using test::formula;

Image decoded(const std::string& bytes) {
  return decode_image({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, "encoded");
}

TEST(EncodePng, KeepsEveryPixel) {
  for (const auto& [height, width] : {std::pair{1, 1}, {33, 41}, {2, 300}}) {
    const Image image = formula(height, width);
    EXPECT_TRUE(equal_pixels(decoded(encode_png(image.view())).view(), image.view()));
  }
}

TEST(EncodePng, TakesARectangleOfALargerPicture) {
  const Image image = formula(30, 30);
  const ImageView part = image.view().crop(4, 7, 11, 13);
  EXPECT_TRUE(equal_pixels(decoded(encode_png(part)).view(), part));
}

TEST(EncodeJpeg, GivesThePixelsThatPillowGives) {
  for (const auto& line : test::image_golden("encode.json")) {
    const Image image = formula(line["from"][0], line["from"][1]);
    const Image again = decoded(encode_jpeg(image.view(), line["quality"]));
    EXPECT_EQ(test::pixel_hash(again.view()), line["pixels"]) << line;
  }
}

TEST(Encode, RecognisesItsOwnFiles) {
  const Image image = formula(300, 400);
  for (const std::string& bytes : {encode_png(image.view()), encode_jpeg(image.view())})
    EXPECT_TRUE(is_drawn_by_graft(std::string_view(bytes).substr(0, 512)));
  for (const char* golden : {"rgb8.png", "grey.jpg", "exif_6.jpg"}) {
    const std::vector<std::uint8_t> bytes = test::golden_file(golden);
    EXPECT_FALSE(is_drawn_by_graft({reinterpret_cast<const char*>(bytes.data()), bytes.size()})) << golden;
  }
  EXPECT_FALSE(is_drawn_by_graft("graft"));
}

TEST(Encode, RefusesInvalidImagesAndQualities) {
  const Image image = formula(3, 3);
  EXPECT_THROW(encode_png(ImageView()), UsageError);
  EXPECT_THROW(encode_jpeg(ImageView()), UsageError);
  EXPECT_THROW(encode_jpeg(image.view(), 0), UsageError);
  EXPECT_THROW(encode_jpeg(image.view(), 101), UsageError);
  const Image wide(1, 70000);
  EXPECT_THAT([&] { encode_jpeg(wide.view()); }, testing::ThrowsMessage<Error>(testing::HasSubstr("65500")));
}

}  // namespace
}  // namespace graft
