#include "graft/image/alpha.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "graft/core/error.h"
#include "graft/image/codec.h"
#include "tests/image/pixels.h"

namespace graft {
namespace {

using test::golden_file;
using test::image_golden;
using test::pixel_hash;
using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(Background, IsAColourByNameOrByDigits) {
  EXPECT_EQ(background_of("drop"), std::nullopt);
  EXPECT_EQ(background_of("white"), (Color{255, 255, 255}));
  EXPECT_EQ(background_of("Black"), (Color{0, 0, 0}));
  EXPECT_EQ(background_of("teal"), (Color{0, 128, 128}));
  EXPECT_EQ(background_of("#c81E5a"), (Color{200, 30, 90}));
  EXPECT_EQ(background_of("#fa0"), (Color{255, 170, 0}));
  EXPECT_EQ(to_string(Color{200, 30, 9}), "#c81e09");
}

TEST(Background, RefusesOtherText) {
  for (const char* text :
       {"", "#", "#ff", "#ffff", "#gggggg", "#12345", "#-1-1-1", "ffcc00", "0", "# fffff"}) {
    EXPECT_THAT([&] { background_of(text); },
                ThrowsMessage<UsageError>(AllOf(HasSubstr("`alpha`"), HasSubstr("#ffcc00"))))
        << text;
  }
  EXPECT_THAT([] { background_of("whit"); }, ThrowsMessage<UsageError>(HasSubstr("did you mean \"white\"?")));
  EXPECT_THAT([] { background_of("dropp"); }, ThrowsMessage<UsageError>(HasSubstr("did you mean \"drop\"?")));
}

TEST(Composite, GivesThePictureOrTheBackgroundAtTheEnds) {
  for (int value = 0; value < 256; ++value) {
    const auto byte = static_cast<std::uint8_t>(value);
    EXPECT_EQ(composite(byte, 255, 17), byte);
    EXPECT_EQ(composite(17, 0, byte), byte);
    EXPECT_EQ(composite(byte, 99, byte), byte);
  }
  EXPECT_EQ(composite(0, 128, 255), 127);
}

TEST(Alpha, OverABackgroundEqualsPillow) {
  const auto lines = image_golden("alpha.json");
  EXPECT_GT(lines.size(), 70U);
  for (const auto& line : lines) {
    const std::string name = line["file"];
    const Image image = decode_image(golden_file(name), name, {.alpha = line["alpha"]});
    EXPECT_EQ(pixel_hash(image.view()), line["pixels"]) << line;
  }
}

TEST(Alpha, OpaquePicturesAreTheSameOverAnyBackground) {
  std::set<std::string> transparent;
  for (const auto& line : image_golden("alpha.json")) transparent.insert(line["file"]);
  int opaque = 0;
  for (const auto& line : image_golden("cases.json")) {
    const std::string name = line["file"];
    if (line.contains("keep") || line.contains("refused") || transparent.contains(name)) continue;
    const Image image = decode_image(golden_file(name), name, {.alpha = "#c81e5a"});
    EXPECT_EQ(pixel_hash(image.view()), line["pixels"]) << name;
    ++opaque;
  }
  EXPECT_GT(opaque, 100);
}

TEST(Alpha, AnInvalidColourIsAUsageErrorForEveryFormat) {
  for (const char* name : {"rgb_420.jpg", "rgba8.png", "rgb.ppm"}) {
    EXPECT_THROW(decode_image(golden_file(name), name, {.alpha = "glass"}), UsageError);
  }
}

// As Decode.SurvivesDamage: damage gives a value or an Error.
TEST(Alpha, SurvivesDamage) {
  for (const char* name :
       {"palette_transparent.png", "rgba8_interlaced.png", "alpha_grey16.png", "lossy_alpha.webp",
        "extra_premultiplied.tif", "alpha_palette.tif", "alpha_planes.tif", "fields32_rgba.bmp"}) {
    const auto good = golden_file(name);
    int refused = 0;
    for (std::size_t i = 0; i < good.size(); ++i) {
      for (const std::uint8_t flip : {0x01, 0x80, 0xff}) {
        auto bytes = good;
        bytes[i] ^= flip;
        try {
          decode_image(bytes, name, {.alpha = "white", .max_pixels = 100'000});
        } catch (const Error&) {
          ++refused;
        }
      }
    }
    EXPECT_GT(refused, 0) << name;
  }
}

}  // namespace
}  // namespace graft
