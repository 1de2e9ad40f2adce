#include "graft/image/pixels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "graft/core/error.h"

namespace graft {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

const std::vector<std::uint8_t> hundred_bytes(100);

void expect_refused(const ImageView& pixels, const char* problem, std::uint64_t max_pixels = 1000) {
  EXPECT_THAT([&] { check_pixels(pixels, "frame 7", max_pixels); },
              ThrowsMessage<Error>(AllOf(HasSubstr("frame 7"), HasSubstr(problem))));
}

TEST(CheckPixels, AcceptsOnlyValidViews) {
  EXPECT_NO_THROW(check_pixels({hundred_bytes.data(), 4, 5, 15}, "x"));
  EXPECT_NO_THROW(check_pixels({hundred_bytes.data(), 4, 5, 16}, "x"));
  EXPECT_NO_THROW(check_pixels({hundred_bytes.data(), 4, 5, 15}, "x", 20));
  expect_refused({hundred_bytes.data(), 4, 5, 15}, "5 x 4 pixels, more than 19", 19);
  // a negative number of bytes, as of a flipped array
  expect_refused({hundred_bytes.data(), 4, 5, static_cast<std::size_t>(-15)}, "which is out of range");
  expect_refused({hundred_bytes.data(), 4, 5, 14}, "a stride of 14 bytes, less than a row of 5 pixels");
  expect_refused({nullptr, 4, 5, 15}, "has no pixels");
  expect_refused({hundred_bytes.data(), 0, 5, 15}, "has no pixels (5 x 0)");
  expect_refused({hundred_bytes.data(), 4, -5, 15}, "has no pixels");
  expect_refused({hundred_bytes.data(), 2'000'000'000, 2'000'000'000, 6'000'000'000}, "more than");
}

TEST(BgrToRgb, SwapsRedAndBlueAndSkipsPadding) {
  const std::vector<std::uint8_t> bgr = {3, 2, 1, 6, 5, 4, 99, 99, 9, 8, 7, 12, 11, 10, 99, 99};
  const Image rgb = bgr_to_rgb({bgr.data(), 2, 2, 8});
  EXPECT_EQ(std::vector<int>(rgb.data(), rgb.data() + rgb.size_bytes()),
            (std::vector<int>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
}

}  // namespace
}  // namespace graft
