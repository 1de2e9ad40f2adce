#include "graft/report/text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "graft/core/error.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

std::vector<std::uint8_t> bytes(const Image& image) {
  return {image.data(), image.data() + image.size_bytes()};
}

std::vector<std::uint8_t> drawn(const std::string& text, int width = 200, const TextStyle& style = {}) {
  return bytes(draw_text(text, 30, width, style));
}

// The total darkness of the image.
std::int64_t ink(const std::vector<std::uint8_t>& pixels) {
  std::int64_t sum = 0;
  for (const std::uint8_t value : pixels) sum += 255 - value;
  return sum;
}

TEST(Text, IsDrawnOnWhiteInItsColour) {
  EXPECT_EQ(ink(drawn("")), 0);
  const Image image = draw_text("HHHH", 30, 200, {20, true, {200, 0, 0}});
  int full = 0;
  for (int i = 0; i < 30 * 200; ++i) {
    const std::uint8_t* pixel = image.data() + i * 3;
    EXPECT_GE(pixel[0], 200);
    EXPECT_EQ(pixel[1], pixel[2]);  // shades between red and white, without colour fringes
    full += pixel[0] == 200 && pixel[1] == 0 ? 1 : 0;
  }
  EXPECT_GT(full, 50);
}

TEST(Text, IsCentred) {
  const Image image = draw_text("HHHH", 40, 200, {});
  int top = 40, bottom = 0, left = 200, right = 0;
  for (int y = 0; y < 40; ++y) {
    for (int x = 0; x < 200; ++x) {
      if (image.row(y)[x * 3] > 128) continue;
      top = std::min(top, y);
      bottom = std::max(bottom, y);
      left = std::min(left, x);
      right = std::max(right, x);
    }
  }
  EXPECT_LE(std::abs(left - (199 - right)), 3);
  EXPECT_LE(std::abs(top - (39 - bottom)), 6);
}

TEST(Text, SizeAndWeightAreVisible) {
  EXPECT_GT(ink(drawn("ants", 200, {20})), ink(drawn("ants", 200, {12})));
  EXPECT_GT(ink(drawn("ants", 200, {15, true})), ink(drawn("ants", 200, {15, false})));
}

TEST(Text, TooLongATextIsShortened) {
  const std::string word = "iiiiiiiiiiiiiiiiiiii";
  EXPECT_EQ(drawn(word + word + word + word + word, 100), drawn(word + word + word + word + "jjjjj", 100));
  EXPECT_GT(ink(drawn(word + word, 60)), 0);
  EXPECT_EQ(bytes(draw_text("ants", 30, 1, {})).size(), 90U);  // even if nothing fits
}

TEST(Text, AnyBytesAreSafe) {
  std::string every;
  for (int i = 0; i < 256; ++i) every += static_cast<char>(i);
  for (const std::string& text :
       {every, std::string("a\0b", 3), std::string("\xff\xfe"), std::string("\xe6\x97"),
        std::string("日本 🐜 עברית ไทย"), std::string("e\xcc\x81\xcc\x81\xcc\x81"),
        std::string("<b>&amp;</b>"), std::string(3'000'000, 'm')}) {
    EXPECT_GT(ink(drawn(text)), 0);
  }
  EXPECT_EQ(drawn("two\nlines\tand a tab"), drawn("two lines and a tab"));
}

TEST(Text, ThreadsDrawTheSame) {
  const auto expected = drawn("ants");
  std::vector<std::vector<std::uint8_t>> results(4);
  std::vector<std::thread> threads;
  for (auto& result : results) threads.emplace_back([&result] { result = drawn("ants"); });
  for (std::thread& thread : threads) thread.join();
  for (const auto& result : results) EXPECT_EQ(result, expected);
}

TEST(Text, MoreThanCairoDrawsIsAnError) { EXPECT_THROW(draw_text("x", 30, 40'000, {}), Error); }

// In a separate process, because fonts are looked up once.
TEST(TextDeathTest, WithoutAFontLatinLettersAreStillDrawn) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const test::TemporaryFolder folder;
  const auto configuration = folder.write("fonts.conf", "<?xml version=\"1.0\"?><fontconfig></fontconfig>");
  const auto draw = [&] {
    ::setenv("FONTCONFIG_FILE", configuration.c_str(), 1);
    const bool letters_differ = drawn("ant") != drawn("bee");  // so they are not boxes
    const bool shortened = ink(drawn("a title that is much too long", 60)) > 0;
    const bool foreign = ink(drawn("日本 \xff")) > 0;
    std::_Exit(letters_differ && shortened && foreign ? 0 : 1);
  };
  EXPECT_EXIT(draw(), testing::ExitedWithCode(0), "^$");
}

}  // namespace
}  // namespace graft
