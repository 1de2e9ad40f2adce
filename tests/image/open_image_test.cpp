#include "graft/image/open_image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <tuple>
#include <vector>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/random.h"
#include "graft/image/codec.h"
#include "tests/image/pixels.h"
#include "tests/support/test_data.h"

namespace graft {
namespace {

using test::equal_pixels;
using Bytes = std::vector<std::uint8_t>;

Bytes jpeg_of(int height, int width) {
  const std::string text = encode_jpeg(test::formula(height, width).view(), 85);
  return {text.begin(), text.end()};
}

// The same with an EXIF orientation.
Bytes turned_jpeg_of(int height, int width, std::uint8_t orientation) {
  Bytes bytes = jpeg_of(height, width);
  const Bytes exif = {0xff, 0xe1, 0,    34, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M',         0, '*', 0, 0, 0, 8,
                      0,    1,    0x01, 18, 0,   3,   0,   0,   0, 1, 0,   orientation, 0, 0,   0, 0, 0, 0};
  bytes.insert(bytes.begin() + 2, exif.begin(), exif.end());
  return bytes;
}

Window whole_of(const Size& size) { return {0, 0, size.height, size.width}; }

// Windows of an image of this size: corners, edges, single pixels, and a few others.
std::vector<Window> windows_of(const Size& size) {
  const int h = size.height, w = size.width;
  std::vector<Window> windows = {whole_of(size),
                                 {0, 0, 1, 1},
                                 {h - 1, w - 1, 1, 1},
                                 {0, w / 2, h, 1},
                                 {h / 2, 0, 1, w},
                                 {0, 0, h, w / 3 + 1},
                                 {h - h / 3 - 1, 0, h / 3 + 1, w}};
  Random random(1, static_cast<std::uint64_t>(h), static_cast<std::uint64_t>(w));
  for (int i = 0; i < 6; ++i) {
    const auto below = [&](int n) { return static_cast<int>(random.below(static_cast<std::uint64_t>(n))); };
    const int top = below(h), left = below(w);
    windows.push_back({top, left, 1 + below(h - top), 1 + below(w - left)});
  }
  return windows;
}

// Every window, decoded separately, has the same pixels as in the whole image.
void expect_parts_of_the_whole(const Bytes& bytes, const std::string& name, const DecodeOptions& options,
                               int shrink = 1) {
  const DecodedPart whole = OpenImage(bytes, name, options).decode_whole(shrink);
  for (const Window& window : windows_of(whole.whole)) {
    const DecodedPart part = OpenImage(bytes, name, options).decode(window, shrink);
    const int down = static_cast<int>(whole.top - part.top), right = static_cast<int>(whole.left - part.left);
    const Box box = part.box_of(window), box_in_whole = whole.box_of(window);
    EXPECT_EQ(box.top + down, box_in_whole.top);
    EXPECT_EQ(box.left + right, box_in_whole.left);
    EXPECT_TRUE(box.top >= 0 && box.left >= 0 && box.top + box.height <= part.pixels.height() &&
                box.left + box.width <= part.pixels.width());
    // The requested part; pixels around it are unspecified.
    const int top = static_cast<int>(box.top), left = static_cast<int>(box.left);
    const int height = std::min(static_cast<int>(box.height) + 1, part.pixels.height() - top);
    const int width = std::min(static_cast<int>(box.width) + 1, part.pixels.width() - left);
    const int exact_height = shrink == 1 ? window.height : height;
    const int exact_width = shrink == 1 ? window.width : width;
    EXPECT_TRUE(equal_pixels(part.pixels.view().crop(top, left, exact_height, exact_width),
                             whole.pixels.view().crop(top + down, left + right, exact_height, exact_width)))
        << name << " " << window.top << " " << window.left << " " << window.height << " " << window.width
        << " by " << shrink;
  }
}

TEST(OpenImage, HasTheSizeAndDecodesTheWhole) {
  for (const char* name :
       {"rgb_420.jpg", "progressive.jpg", "ycck.jpg", "rgb8.png", "lossy.webp", "rgb.ppm"}) {
    const auto bytes = test::golden_file(name);
    OpenImage picture(bytes, name);
    const Size size = picture.size();
    const DecodedPart decoded = picture.decode_whole();
    EXPECT_EQ(size, (Size{decoded.pixels.height(), decoded.pixels.width()}));
    EXPECT_EQ(size, decoded.whole);
    EXPECT_TRUE(equal_pixels(decoded.pixels.view(), decode_image(bytes, name).view()));
  }
}

TEST(OpenImage, PartsEqualTheWhole) {
  for (const char* name : {"rgb_420.jpg", "progressive.jpg", "ycck.jpg", "rgb8.png", "rgb_jpeg.tif"})
    expect_parts_of_the_whole(test::golden_file(name), name, {});
  for (const Size& size : {Size{97, 131}, Size{16, 200}, Size{200, 16}, Size{33, 1}, Size{1, 33}})
    expect_parts_of_the_whole(jpeg_of(size.height, size.width), "made.jpg", {});
}

TEST(OpenImage, PartsOfOrientedAndShrunkImagesEqualTheWhole) {
  for (std::uint8_t orientation = 1; orientation <= 8; ++orientation) {
    const Bytes bytes = turned_jpeg_of(150, 211, orientation);
    const Image turned = decode_image(bytes, "turned.jpg", {.exif = true});
    EXPECT_EQ(OpenImage(bytes, "turned.jpg", {.exif = true}).size(), (Size{turned.height(), turned.width()}));
    EXPECT_EQ(turned.height(), orientation >= 5 ? 211 : 150);
    EXPECT_EQ(OpenImage(bytes, "turned.jpg").orientation(), orientation);
    for (const int shrink : {1, 2, 4, 8})
      expect_parts_of_the_whole(bytes, "turned.jpg", {.exif = true}, shrink);
  }
}

TEST(OpenImage, PartsOfPhotographsEqualTheWhole) {
  const std::filesystem::path folder = test::hymenoptera();
  if (folder.empty()) GTEST_SKIP() << test::no_hymenoptera;
  for (const char* of : {"train/ants", "train/bees"}) {
    const auto entries = disk().list(folder / of);
    for (std::size_t i = 0; i < entries.size(); i += 9) {
      const std::string path = (folder / of / entries[i].name).string();
      const auto bytes = disk().read(path, max_file_bytes);
      for (const int shrink : {1, 2}) expect_parts_of_the_whole(bytes, path, {}, shrink);
    }
  }
}

TEST(OpenImage, ShrinksToAtLeastTwiceTheTarget) {
  const Bytes bytes = jpeg_of(400, 600);
  const OpenImage fast(bytes, "x.jpg", {.decode = DecodeMode::fast});
  EXPECT_EQ(fast.shrink_for({0, 0, 400, 600}, {25, 25}), 8);
  EXPECT_EQ(fast.shrink_for({0, 0, 400, 600}, {26, 25}), 4);
  EXPECT_EQ(fast.shrink_for({0, 0, 400, 600}, {50, 76}), 2);
  EXPECT_EQ(fast.shrink_for({0, 0, 400, 600}, {101, 10}), 1);
  EXPECT_EQ(OpenImage(bytes, "x.jpg").shrink_for({0, 0, 400, 600}, {10, 10}), 1);
  const auto png = test::golden_file("rgb8.png");
  EXPECT_EQ(OpenImage(png, "x.png", {.decode = DecodeMode::fast}).shrink_for({0, 0, 99, 99}, {1, 1}), 1);
}

// A uniform image is uniform at any scale, and each pixel of a shrunk image is about the mean of its block.
TEST(OpenImage, AShrunkImageIsTheMeanOfItsBlocks) {
  Image smooth(256, 320);
  for (int y = 0; y < 256; ++y) {
    for (int x = 0; x < 320; ++x) {
      const int pixel[] = {y, x * 255 / 319, (x + y) / 3};
      for (int c = 0; c < 3; ++c) smooth.row(y)[x * 3 + c] = static_cast<std::uint8_t>(pixel[c]);
    }
  }
  const std::string text = encode_jpeg(smooth.view(), 95);
  const Bytes bytes(text.begin(), text.end());
  for (const int shrink : {2, 4, 8}) {
    const Image shrunk = OpenImage(bytes, "x.jpg").decode_whole(shrink).pixels;
    ASSERT_EQ(shrunk.height(), 256 / shrink);
    ASSERT_EQ(shrunk.width(), 320 / shrink);
    for (int y = 0; y < shrunk.height(); ++y) {
      for (int x = 0; x < shrunk.width() * 3; ++x) {
        const int middle_y = y * shrink + shrink / 2, middle_x = x / 3 * shrink + shrink / 2;
        ASSERT_NEAR(shrunk.row(y)[x], smooth.row(middle_y)[middle_x * 3 + x % 3], 6) << y << " " << x;
      }
    }
  }
}

// For any part, however small.
TEST(OpenImage, AFileThatIsCutShortIsRefused) {
  const Bytes whole = jpeg_of(200, 300);
  for (const std::size_t size : {whole.size() / 3, whole.size() / 2, whole.size() - 40}) {
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    for (const int shrink : {1, 2, 8}) {
      for (const Window& window : {Window{0, 0, 1, 1}, Window{0, 0, 200, 300}, Window{50, 60, 20, 30}}) {
        EXPECT_THAT([&] { OpenImage(cut, "cut.jpg").decode(window, shrink); },
                    testing::ThrowsMessage<Error>(testing::HasSubstr("cut short")))
            << size << " by " << shrink;
      }
    }
  }
}

// The sanitizers reserve more than these limits.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
// The header demands 10.8 GB, and the process can allocate 1 GB.
TEST(OpenImage, ExhaustedMemoryNamesThePicture) {
  const std::string text = encode_png(test::formula(8, 8).view());
  Bytes bytes(text.begin(), text.end());
  const Bytes side = {0, 0, 0xEA, 0x60};  // 60,000
  std::copy(side.begin(), side.end(), bytes.begin() + 16);
  std::copy(side.begin(), side.end(), bytes.begin() + 20);
  const auto decode_in_little_memory = [&] {
    const rlimit limit{1U << 30, 1U << 30};
    setrlimit(RLIMIT_AS, &limit);
    std::string message;
    try {
      OpenImage(bytes, "large.png", {.max_pixels = 10'000'000'000}).decode_whole();
    } catch (const std::exception& error) {
      message = error.what();
    }
    std::fputs(message.c_str(), stderr);
    std::_Exit(0);
  };
  EXPECT_EXIT(decode_in_little_memory(), testing::ExitedWithCode(0), "large.png: memory ran out");
}

std::uint64_t address_space() {
  std::uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * 4096;
}

// For a process that ends afterwards.
std::string message_in_memory(std::uint64_t bytes, const Bytes& picture, const std::string& name) {
  try {
    const rlimit limit{address_space() + bytes, RLIM_INFINITY};
    setrlimit(RLIMIT_AS, &limit);
    OpenImage(picture, name).decode_whole();
    return "decoded";
  } catch (const EngineError& error) {
    return error.what();
  } catch (const std::exception& error) {
    return std::string("another error: ") + error.what();
  }
}

// libwebp, which has place for the pixels and not for its canvas, does not say why it fails.
TEST(OpenImage, ALackOfMemoryIsNotDamage) {
  // In a new process, without memory that earlier tests freed.
  const std::string style = testing::GTEST_FLAG(death_test_style);
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  const Bytes webp = test::golden_file("large.webp");
  const std::string text = encode_png(Image(4000, 4000).view());
  for (const auto& [name, picture, bytes] : {std::tuple{"large.webp", webp, 60U << 20},
                                             {"large.png", Bytes(text.begin(), text.end()), 16U << 20}}) {
    const auto decode = [&, name = name, picture = picture, bytes = bytes] {
      std::fputs(message_in_memory(bytes, picture, name).c_str(), stderr);
      std::_Exit(0);
    };
    EXPECT_EXIT(decode(), testing::ExitedWithCode(0),
                std::string(name) + ": memory ran out while it was decoded");
  }
  testing::GTEST_FLAG(death_test_style) = style;
}
#endif

// The pixels of a part, or "refused".
std::string judged(const Bytes& bytes, const Window& part, bool whole_first, int shrink) {
  try {
    OpenImage picture(bytes, "x.jpg", {.max_pixels = 100'000});
    const Size size = picture.size();
    if (part.top + part.height > size.height || part.left + part.width > size.width) return "another size";
    const DecodedPart decoded = whole_first ? picture.decode_whole(shrink) : picture.decode(part, shrink);
    const Box box = decoded.box_of(part);
    return test::pixel_hash(decoded.pixels.view().crop(static_cast<int>(box.top), static_cast<int>(box.left),
                                                       std::max(part.height / shrink, 1),
                                                       std::max(part.width / shrink, 1)));
  } catch (const Error&) {
    return "refused";
  }
}

// A part is decoded or refused as the whole is: with one byte damaged, and truncated at any byte.
TEST(OpenImage, DamageHasTheSameResultInPartsAndInTheWhole) {
  constexpr Window parts[] = {{0, 0, 1, 1}, {2, 3, 6, 8}};
  std::vector<Bytes> pictures = {jpeg_of(40, 60)};
  for (const char* name : {"optimized_restarts.jpg", "progressive.jpg", "grey.jpg", "rgb_444.jpg"})
    pictures.push_back(test::golden_file(name));
  int refused = 0;
  const auto compare = [&](const Bytes& bytes, std::size_t at) {
    for (const int shrink : {1, 8}) {
      for (const Window& part : parts) {
        const std::string expected = judged(bytes, part, true, shrink);
        EXPECT_EQ(judged(bytes, part, false, shrink), expected) << at << " by " << shrink;
        refused += expected == "refused" ? 1 : 0;
      }
    }
  };
  for (const Bytes& good : pictures) {
    for (std::size_t i = 0; i < good.size(); ++i) {
      Bytes bytes = good;
      for (const std::uint8_t value :
           {std::uint8_t{0xff}, std::uint8_t{0xd9}, static_cast<std::uint8_t>(good[i] ^ 0x41)}) {
        bytes[i] = value;
        compare(bytes, i);
      }
      compare(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(i)), i);
    }
  }
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace graft
