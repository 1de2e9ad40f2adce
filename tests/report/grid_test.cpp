#include "graft/report/grid.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>

#include "graft/core/error.h"

namespace graft {
namespace {

using Color = std::array<std::uint8_t, 3>;

Image solid(int height, int width, const Color& color) {
  Image image(height, width);
  for (std::size_t i = 0; i < image.size_bytes(); ++i) image.data()[i] = color[i % 3];
  return image;
}

struct TileBox {
  int top = 1 << 30, left = 1 << 30, bottom = -1, right = -1;
  int height() const { return bottom - top + 1; }
  int width() const { return right - left + 1; }
};

// The position of a colour on a sheet.
TileBox find(const Image& sheet, const Color& color) {
  TileBox box;
  for (int y = 0; y < sheet.height(); ++y) {
    for (int x = 0; x < sheet.width(); ++x) {
      if (!std::equal(color.begin(), color.end(), sheet.row(y) + x * 3)) continue;
      box = {std::min(box.top, y), std::min(box.left, x), std::max(box.bottom, y), std::max(box.right, x)};
    }
  }
  return box;
}

// Tiles with different colours, all of one size.
Color color_of(int i) { return {static_cast<std::uint8_t>(i), 1, 2}; }
std::vector<Tile> tiles_of(int count, int height = 20, int width = 20) {
  std::vector<Tile> tiles;
  for (int i = 0; i < count; ++i)
    tiles.push_back({solid(height, width, color_of(i)), "title", TitleColor::plain});
  return tiles;
}

// "rows x columns" of a sheet.
std::string shape(int count, int columns = 0) {
  const Image sheet = draw_grid(tiles_of(count), {columns, 224, ""});
  std::set<int> tops, lefts;
  for (int i = 0; i < count; ++i) {
    const TileBox box = find(sheet, color_of(i));
    tops.insert(box.top);
    lefts.insert(box.left);
  }
  return std::to_string(tops.size()) + " x " + std::to_string(lefts.size());
}

TEST(Grid, IsNearlySquareWiderThanHighAndFull) {
  const std::vector<std::string> expected = {"1 x 1", "1 x 2", "1 x 3", "2 x 2", "2 x 3", "2 x 3", "2 x 4",
                                             "2 x 4", "3 x 3", "2 x 5", "3 x 4", "3 x 4", "3 x 5"};
  for (int count = 1; count <= 13; ++count)
    EXPECT_EQ(shape(count), expected[static_cast<std::size_t>(count - 1)]);
  EXPECT_EQ(shape(16), "4 x 4");
  EXPECT_EQ(shape(6, 2), "3 x 2");
  EXPECT_EQ(shape(3, 10), "1 x 3");
}

TEST(Grid, PicturesAreInReadingOrderUnchanged) {
  const Image sheet = draw_grid(tiles_of(5, 20, 30), {3, 224, ""});
  TileBox last = find(sheet, color_of(0));
  for (int i = 0; i < 5; ++i) {
    const TileBox box = find(sheet, color_of(i));
    EXPECT_EQ(box.height(), 20);
    EXPECT_EQ(box.width(), 30);
    if (i % 3 > 0) {
      EXPECT_GT(box.left, last.right);
    } else if (i > 0) {
      EXPECT_GT(box.top, last.bottom);
    }
    last = box;
  }
}

TEST(Grid, LargePicturesAreScaledDownAndSmallOnesAreNotEnlarged) {
  std::vector<Tile> tiles;
  tiles.push_back({solid(100, 300, color_of(0)), "", TitleColor::plain});
  tiles.push_back({solid(300, 100, color_of(1)), "", TitleColor::plain});
  tiles.push_back({solid(10, 12, color_of(2)), "", TitleColor::plain});
  tiles.push_back({solid(2000, 1, color_of(3)), "", TitleColor::plain});
  const Image sheet = draw_grid(tiles, {0, 150, ""});
  const auto size = [&](int i) {
    return std::pair(find(sheet, color_of(i)).height(), find(sheet, color_of(i)).width());
  };
  EXPECT_EQ(size(0), std::pair(50, 150));
  EXPECT_EQ(size(1), std::pair(150, 50));
  EXPECT_EQ(size(2), std::pair(10, 12));
  EXPECT_EQ(size(3), std::pair(150, 1));
}

TEST(Grid, TitlesDistinguishRightAndWrongByColour) {
  // The strongest red and green on the sheet, as differences of the channels.
  const auto strongest = [](TitleColor color) {
    std::vector<Tile> tiles;
    tiles.push_back({Image(), "predicted: ants", color});
    const Image sheet = draw_grid(tiles);
    std::pair<int, int> found = {0, 0};
    for (std::size_t i = 0; i < sheet.size_bytes(); i += 3) {
      const int difference = sheet.data()[i] - sheet.data()[i + 1];
      found = {std::max(found.first, difference), std::max(found.second, -difference)};
    }
    return found;
  };
  EXPECT_LT(strongest(TitleColor::plain).first + strongest(TitleColor::plain).second, 20);
  EXPECT_GT(strongest(TitleColor::wrong).first, 100);
  EXPECT_EQ(strongest(TitleColor::wrong).second, 0);
  EXPECT_GT(strongest(TitleColor::right).second, 60);
  EXPECT_EQ(strongest(TitleColor::right).first, 0);
}

TEST(Grid, ASecondTitleHasItsOwnLine) {
  std::vector<Tile> tiles = tiles_of(2);
  const int one_line = find(draw_grid(tiles), color_of(0)).top;
  tiles[1].color = TitleColor::wrong;
  tiles[1].second_title = "true: bee";
  const Image sheet = draw_grid(tiles);
  EXPECT_GT(find(sheet, color_of(0)).top, one_line);
  EXPECT_EQ(find(sheet, color_of(0)).top, find(sheet, color_of(1)).top);
}

TEST(Grid, ALongTitleHasUpToThreeLines) {
  const auto top = [](const std::string& title) {
    std::vector<Tile> tiles = tiles_of(1);
    tiles[0].title = title;
    return find(draw_grid(tiles), color_of(0)).top;
  };
  const std::string word = "predicted: tufted titmouse|";
  const int two = top(word + word);
  EXPECT_GT(two, top(word));
  EXPECT_EQ(top(word + word + word), two + 20);
  EXPECT_EQ(top(word + word + word + word + word), two + 20);
}

TEST(Grid, CellsAreAsWideAsTheirTitlesNeedWithinABound) {
  const auto width = [](const std::string& title, const std::string& second = "") {
    std::vector<Tile> tiles = tiles_of(1);
    tiles[0].title = title;
    tiles[0].second_title = second;
    return draw_grid(tiles).width();
  };
  EXPECT_GT(width("predicted: tufted titmouse"), width("bee"));
  EXPECT_EQ(width("bee", "predicted: tufted titmouse"), width("predicted: tufted titmouse"));
  EXPECT_EQ(width(std::string(200, 'x')), width(std::string(2000, 'x')));
  EXPECT_LT(width(std::string(200, 'x')), 500);
}

TEST(Grid, AHeadingIsAboveTheSheet) {
  const Image plain = draw_grid(tiles_of(2)),
              headed = draw_grid(tiles_of(2), {0, 224, std::string(500, 'x')});
  EXPECT_EQ(plain.width(), headed.width());
  EXPECT_GT(find(headed, color_of(0)).top, find(plain, color_of(0)).top + 20);
}

std::string message_of(const std::vector<Tile>& tiles, const GridOptions& options = {}) {
  try {
    draw_grid(tiles, options);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Grid, InvalidOptionsAreUsageErrors) {
  EXPECT_EQ(message_of({}), "sheet: there are no pictures to draw");
  EXPECT_EQ(message_of(tiles_of(1), {-1, 224, ""}), "columns: -1 is outside 0 to 1000");
  EXPECT_EQ(message_of(tiles_of(1), {0, 0, ""}), "tile_size: 0 is outside 1 to 4096");
  EXPECT_THAT(message_of(tiles_of(250), {250, 224, ""}),
              testing::HasSubstr("sheet: 250 pictures would make a sheet of 40036 × "));
}

}  // namespace
}  // namespace graft
