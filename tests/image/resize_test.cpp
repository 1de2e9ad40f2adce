#include "graft/image/resize.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include "graft/core/error.h"
#include "tests/image/pixels.h"

namespace graft {
namespace {

using test::equal_pixels;
using test::formula;
using test::image_golden;
using test::pixel_hash;

constexpr Interpolation all_interpolations[] = {Interpolation::bilinear, Interpolation::bicubic,
                                                Interpolation::lanczos};

TEST(Resize, EqualsPillow) {
  for (const auto& line : image_golden("resize.json")) {
    const Image image = formula(line["from"][0], line["from"][1]);
    for (const Interpolation interpolation : all_interpolations) {
      const Image resized = resize(image.view(), line["to"][0], line["to"][1], interpolation);
      EXPECT_EQ(pixel_hash(resized.view()), line[to_string(interpolation)]) << line;
    }
  }
}

TEST(Resize, TakesARectangleOfALargerPicture) {
  const Image image = formula(40, 50);
  const ImageView part = image.view().crop(3, 5, 21, 33);
  Image copy(21, 33);
  for (int y = 0; y < 21; ++y) std::copy_n(part.row(y), copy.stride(), copy.row(y));
  for (const Interpolation interpolation : all_interpolations) {
    EXPECT_TRUE(equal_pixels(resize(part, 15, 17, interpolation).view(),
                             resize(copy.view(), 15, 17, interpolation).view()));
  }
}

TEST(Resize, KeepsAUniformImageUniform) {
  Image image(31, 17);
  std::fill_n(image.data(), image.size_bytes(), std::uint8_t{255});
  for (const Interpolation interpolation : all_interpolations) {
    const Image resized = resize(image.view(), 12, 40, interpolation);
    EXPECT_EQ(std::count(resized.data(), resized.data() + resized.size_bytes(), 255),
              static_cast<std::ptrdiff_t>(resized.size_bytes()));
  }
}

TEST(Resize, RefusesEmptyImagesAndSizes) {
  const Image image = formula(4, 4);
  EXPECT_THROW(resize(image.view(), 0, 4, Interpolation::bilinear), UsageError);
  EXPECT_THROW(resize(image.view(), 4, -1, Interpolation::bilinear), UsageError);
  EXPECT_THROW(resize(ImageView(), 4, 4, Interpolation::bilinear), UsageError);
  EXPECT_THROW(resize_shorter_side(ImageView(), 4, Interpolation::bilinear), UsageError);
  EXPECT_THROW(center_crop(image.view(), 0), UsageError);
}

// Windows of images that shrink, grow, change one side only or none, in both orders of the passes.
TEST(ResizeWindow, EqualsResizeThenCrop) {
  const Image image = formula(30, 23);
  constexpr Size sizes[] = {{17, 14}, {6, 22}, {41, 9}, {44, 51}, {30, 12}, {11, 23}, {30, 23}};
  for (const Interpolation interpolation : all_interpolations) {
    for (const Size& size : sizes) {
      const Image whole = resize(image.view(), size.height, size.width, interpolation);
      for (const Window& window :
           {Window{0, 0, 1, 1}, Window{0, 0, size.height, size.width}, Window{2, 3, 4, 6},
            Window{size.height - 3, size.width - 2, 3, 2}, Window{1, 0, 1, size.width}}) {
        EXPECT_TRUE(
            equal_pixels(resize_window(image.view(), size.height, size.width, window, interpolation).view(),
                         whole.view().crop(window.top, window.left, window.height, window.width)))
            << size.height << " x " << size.width << " at " << window.top << ", " << window.left;
      }
    }
  }
}

TEST(ResizeWindow, MustLieInside) {
  const Image image = formula(8, 8);
  for (const Window& window :
       {Window{-1, 0, 2, 2}, Window{0, 3, 2, 2}, Window{3, 0, 2, 2}, Window{0, 0, 5, 1}}) {
    EXPECT_THROW(resize_window(image.view(), 4, 4, window, Interpolation::bilinear), UsageError);
  }
}

TEST(ResizeBox, OfWholePixelsEqualsTheCropResized) {
  const Image image = formula(30, 23);
  const ImageView part = image.view().crop(4, 3, 17, 15);
  for (const Interpolation interpolation : all_interpolations) {
    for (const Size& size : {Size{9, 7}, Size{17, 5}, Size{40, 15}, Size{2, 31}}) {
      const Window window{0, 0, size.height, size.width};
      EXPECT_TRUE(equal_pixels(
          resize_box(image.view(), {4, 3, 17, 15}, size.height, size.width, window, interpolation).view(),
          resize(part, size.height, size.width, interpolation).view()));
    }
  }
}

// The box may extend beyond the pixels as long as the window does not.
TEST(ResizeBox, NeedsOnlyTheSourceOfItsWindow) {
  const Image image = formula(30, 23);
  const Size to{12, 10};
  const Window window{3, 2, 4, 5};
  for (const Interpolation interpolation : all_interpolations) {
    const Window source = resize_source({30, 23}, to, window, interpolation);
    const ImageView part = image.view().crop(source.top, source.left, source.height, source.width);
    const Box box{static_cast<double>(-source.top), static_cast<double>(-source.left), 30, 23};
    EXPECT_TRUE(equal_pixels(resize_box(part, box, to.height, to.width, window, interpolation).view(),
                             resize_window(image.view(), to.height, to.width, window, interpolation).view()));
    const ImageView too_small = part.crop(1, 0, part.height - 1, part.width);
    EXPECT_THROW(
        resize_box(too_small, {box.top - 1, box.left, 30, 23}, to.height, to.width, window, interpolation),
        UsageError);
  }
}

// On a ramp, half a pixel to the right adds half a step.
TEST(ResizeBox, ItsEdgesMayLieBetweenPixels) {
  Image ramp(4, 64);
  for (int y = 0; y < 4; ++y) {
    for (int x = 0; x < 64 * 3; ++x) ramp.row(y)[x] = static_cast<std::uint8_t>(x / 3 * 4);
  }
  const auto value = [&](double left) {
    return resize_box(ramp.view(), {0, left, 4, 32}, 4, 8, {0, 3, 1, 1}, Interpolation::bilinear).data()[0];
  };
  EXPECT_EQ(value(8.5) - value(8), 2);
  EXPECT_EQ(value(9) - value(8), 4);
}

TEST(ResizeShorterSide, EqualsTorchvision) {
  for (const auto& line : image_golden("shorter_side.json")) {
    const Image image = formula(line["from"][0], line["from"][1]);
    const Size size = shorter_side_size(image.height(), image.width(), line["size"]);
    EXPECT_EQ(size, (Size{line["to"][0], line["to"][1]})) << line;
    const Image resized = resize_shorter_side(image.view(), line["size"], Interpolation::bilinear);
    EXPECT_EQ(pixel_hash(resized.view()), line["bilinear"]) << line;
  }
}

TEST(CenterCrop, EqualsTorchvision) {
  for (const auto& line : image_golden("center_crop.json")) {
    const Image image = formula(line["from"][0], line["from"][1]);
    EXPECT_EQ(pixel_hash(center_crop(image.view(), line["size"]).view()), line["pixels"]) << line;
  }
}

TEST(ResizeAndCenterCrop, EqualsTheTwoSteps) {
  constexpr Size sizes[] = {{30, 41}, {41, 30}, {20, 20}, {25, 90}, {90, 25}};
  for (const Interpolation interpolation : all_interpolations) {
    for (const Size& size : sizes) {
      const Image image = formula(size.height, size.width);
      for (const int crop : {1, 14, 19, 20, 23, 50}) {
        const Image resized = resize_shorter_side(image.view(), 20, interpolation);
        EXPECT_TRUE(equal_pixels(resize_and_center_crop(image.view(), 20, crop, interpolation).view(),
                                 center_crop(resized.view(), crop).view()))
            << size.height << " x " << size.width << " to " << crop;
      }
    }
  }
}

TEST(FlipHorizontal, MirrorsEveryRow) {
  const Image image = formula(5, 8);
  const Image flipped = flip_horizontal(image.view());
  for (int y = 0; y < 5; ++y) {
    for (int x = 0; x < 8; ++x) {
      EXPECT_TRUE(equal_pixels(flipped.view().crop(y, x, 1, 1), image.view().crop(y, 7 - x, 1, 1)));
    }
  }
  EXPECT_TRUE(equal_pixels(flip_horizontal(flipped.view()).view(), image.view()));
}

TEST(Interpolation, HasTheNamesOfTorchvision) {
  for (const Interpolation interpolation : {Interpolation::bilinear, Interpolation::bicubic}) {
    EXPECT_EQ(interpolation_from(to_string(interpolation)), interpolation);
  }
  // Lanczos is not an interpolation of networks.
  for (const char* name : {"nearest", to_string(Interpolation::lanczos)}) {
    EXPECT_THAT([&] { interpolation_from(name); },
                testing::ThrowsMessage<UsageError>(testing::HasSubstr("use bilinear or bicubic")));
  }
}

}  // namespace
}  // namespace graft
