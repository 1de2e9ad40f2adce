#include "graft/image/codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "graft/core/error.h"
#include "tests/image/judged.h"
#include "tests/image/pixels.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace graft {
namespace {

using test::golden_file;
using test::image_golden;
using test::pixel_hash;
using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

std::vector<std::uint8_t> bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

TEST(Decode, EqualsPillow) {
  const auto cases = image_golden("cases.json");
  EXPECT_GT(cases.size(), 300U);
  for (const auto& line : cases) EXPECT_EQ(test::judged(line), line);
}

TEST(Decode, EqualsPillowOnHymenoptera) {
  const std::filesystem::path folder = test::hymenoptera();
  if (folder.empty()) GTEST_SKIP() << test::no_hymenoptera;
  const auto pictures = image_golden("hymenoptera.json");
  EXPECT_EQ(pictures.size(), 397U);
  for (const auto& [name, line] : pictures.items()) {
    EXPECT_EQ(pixel_hash(read_image(folder / name).view()), line["pixels"]) << name;
  }
}

// Damages each byte of each kind of file in turn: the result is a value or an Error.
TEST(Decode, SurvivesDamage) {
  for (const char* name :
       {"progressive.jpg", "ycck.jpg", "exif_6.jpg", "palette4_interlaced.png", "exif_before.png",
        "exif.webp", "lossy_alpha.webp", "animated.webp", "rgb_tiff_lzw.tif", "tiles_deflate.tif",
        "indexed_4.tif", "extra_premultiplied.tif", "rgb_jpeg.tif", "rle8.bmp", "rle4.bmp",
        "fields32_rgba.bmp", "palette4_os2.bmp", "bits_plain.pbm", "rgb_of_31.ppm"}) {
    const auto good = golden_file(name);
    int refused = 0;
    for (std::size_t i = 0; i < good.size(); ++i) {
      for (const std::uint8_t flip : {0x01, 0x80, 0xff}) {
        auto bytes = good;
        bytes[i] ^= flip;
        try {
          decode_image(bytes, name, {.exif = true, .max_pixels = 100'000});
        } catch (const Error&) {
          ++refused;
        }
      }
    }
    EXPECT_GT(refused, 0) << name;
  }
}

TEST(Decode, NamesTheSizeAndTheLimit) {
  for (const char* name :
       {"size_65500.jpg", "size_huge.png", "size_huge.tif", "size_huge.bmp", "bad_huge.ppm"}) {
    EXPECT_THAT([&] { decode_image(golden_file(name), name); },
                ThrowsMessage<Error>(
                    AllOf(HasSubstr(" x "), HasSubstr("limit of 178956970"), HasSubstr("`max_pixels`"))));
  }
  for (const char* name : {"rgb_420.jpg", "rgb8.png", "lossy.webp", "rgb_raw.tif", "rgb24.bmp", "rgb.ppm"}) {
    const Image image = decode_image(golden_file(name), name);
    const auto pixels =
        static_cast<std::uint64_t>(image.height()) * static_cast<std::uint64_t>(image.width());
    EXPECT_NO_THROW(decode_image(golden_file(name), name, {.max_pixels = pixels})) << name;
    EXPECT_THAT([&] { decode_image(golden_file(name), name, {.max_pixels = pixels - 1}); },
                ThrowsMessage<Error>(HasSubstr("`max_pixels`")));
  }
}

TEST(Decode, NamesAZeroSize) {
  for (const char* name : {"size_zero.png", "size_zero.bmp", "bad_zero_width.ppm"}) {
    EXPECT_THAT([&] { decode_image(golden_file(name), name); },
                ThrowsMessage<Error>(AllOf(HasSubstr("declares a size of"), HasSubstr(" 0"))));
  }
}

TEST(Decode, NamesOtherFormats) {
  const auto message = [](std::string_view bytes, const std::string& expected) {
    EXPECT_THAT([&] { decode_image(bytes_of(bytes), "x.jpg"); }, ThrowsMessage<Error>(HasSubstr(expected)));
  };
  message("GIF89a....",
          "x.jpg: not a picture graft reads (starts with \"GIF89a\": a GIF); convert it to JPEG or PNG, or "
          "remove it");
  message("", "x.jpg: is empty");
  message("Hello, world", "starts with \"Hello,\")");
  message("<!DOCTYPE html>", "a web page");
  message(std::string_view("\0\0\0\x18"
                           "ftypheic",
                           12),
          "a HEIC");
  message(std::string_view("\0\1\2\3", 4), "starts with bytes 00 01 02 03)");
  message("a\"b", "starts with bytes 61 22 62)");
}

TEST(Decode, NamesATruncatedFile) {
  for (const char* name :
       {"rgb_420.jpg", "progressive.jpg", "rgb8.png", "lossy.webp", "strips.tif", "rgb24.bmp", "rgb.ppm"}) {
    auto bytes = golden_file(name);
    bytes.resize(bytes.size() / 2);
    EXPECT_THAT([&] { decode_image(bytes, name); }, ThrowsMessage<Error>(HasSubstr("cut short")));
  }
}

// Pillow invents colours for it.
TEST(Decode, RefusesAPngWithoutItsPalette) {
  EXPECT_THAT([&] { decode_image(golden_file("no_palette.png"), "x.png"); },
              ThrowsMessage<Error>(HasSubstr("damaged (")));
}

// Text chunks that expand a thousandfold are skipped.
TEST(Decode, SkipsCompressedText) {
  const Image image = decode_image(golden_file("bomb.png"), "bomb.png");
  EXPECT_TRUE(test::equal_pixels(image.view(), decode_image(golden_file("rgb8.png"), "rgb8.png").view()));
}

// 4 x 3 pixels of three bytes each, uncompressed.
std::vector<std::uint8_t> ycbcr_tiff(const std::vector<std::uint8_t>& pixels, std::uint32_t photometric = 6) {
  std::vector<std::uint8_t> file = {'I', 'I', 42, 0};
  const auto add = [&](std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) file.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  };
  const auto size = static_cast<std::uint32_t>(pixels.size());
  const std::uint32_t tags[][4] = {
      {256, 3, 1, 4},          {257, 3, 1, 3},           {258, 3, 3, 8 + size + 126},
      {259, 3, 1, 1},          {262, 3, 1, photometric}, {273, 4, 1, 8},
      {277, 3, 1, 3},          {278, 3, 1, 3},           {279, 4, 1, size},
      {530, 3, 2, 1 | 1 << 16}};
  add(8 + size, 4);
  file.insert(file.end(), pixels.begin(), pixels.end());
  add(std::size(tags), 2);
  for (const auto& [tag, type, count, value] : tags) {
    add(tag, 2);
    add(type, 2);
    add(count, 4);
    add(value, 4);
  }
  add(0, 4);  // no other image
  for (int i = 0; i < 3; ++i) add(8, 2);
  return file;
}

// Pillow converts them itself, differently from libtiff. The values are those of Pillow 13.
TEST(Decode, UncompressedColourDifferencesEqualPillows) {
  const Image image = decode_image(
      ycbcr_tiff({0,  0,   0,  255, 255, 255, 128, 128, 128, 76, 85,  255, 150, 44, 21,  29, 255, 107,
                  16, 200, 30, 235, 7,   240, 100, 129, 127, 90, 131, 120, 201, 90, 140, 60, 127, 129}),
      "x.tif");
  EXPECT_EQ(
      std::vector<int>(image.data(), image.data() + image.size_bytes()),
      (std::vector<int>{0, 135, 0,   255, 120, 255, 128, 128, 128, 254, 0,  0,  0,   255, 1,   0,  0,  254,
                        0, 61,  143, 255, 196, 20,  98,  100, 101, 78,  94, 95, 217, 205, 133, 61, 59, 58}));
}

// An intact file: a good copy is of the same kind.
TEST(Decode, AnUnsupportedKindIsToBeConverted) {
  const auto expect = [](const std::vector<std::uint8_t>& bytes, const std::string& what) {
    EXPECT_THAT(
        [&] { decode_image(bytes, "x"); },
        ThrowsMessage<Error>(AllOf(HasSubstr(what), HasSubstr("; convert it to JPEG or PNG, or remove it"))));
  };
  expect(ycbcr_tiff(std::vector<std::uint8_t>(36), /*photometric=*/8),
         "a kind of TIFF that graft does not read");
  const std::vector<std::uint8_t> jpeg = golden_file("rgb_420.jpg");
  const std::uint8_t frame[] = {0xff, 0xc0};
  const auto start = std::search(jpeg.begin(), jpeg.end(), std::begin(frame), std::end(frame)) - jpeg.begin();
  auto lossless = jpeg, twelve_bits = jpeg;
  lossless[static_cast<std::size_t>(start) + 1] = 0xc3;
  twelve_bits[static_cast<std::size_t>(start) + 4] = 12;
  expect(lossless, "a kind of JPEG that graft does not read (Unsupported JPEG process");
  expect(twelve_bits, "a kind of JPEG that graft does not read (Unsupported JPEG data precision 12");
  auto bitmap = golden_file("rgb24.bmp");
  bitmap[30] = 4;  // the compression: a JPEG within the BMP
  expect(bitmap, "a kind of BMP that graft does not read");
}

TEST(Decode, RunsOnManyThreads) {
  const auto cases = image_golden("cases.json");
  std::vector<std::thread> threads;
  std::atomic<int> different = 0;
  for (std::size_t first = 0; first < 4; ++first) {
    threads.emplace_back([&, first] {
      for (std::size_t i = first; i < cases.size(); i += 2) different += test::judged(cases[i]) != cases[i];
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(different, 0);
}

TEST(ReadImage, ReadsAFile) {
  const test::TemporaryFolder folder;
  const auto bytes = golden_file("rgb8.png");
  const auto path = folder.write("a.jpg", {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  EXPECT_EQ(read_image(path).height(), 13);
  EXPECT_THAT([&] { read_image(folder.path() / "none.png"); }, ThrowsMessage<Error>(HasSubstr("none.png")));
}

}  // namespace
}  // namespace graft
