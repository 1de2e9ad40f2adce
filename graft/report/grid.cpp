#include "graft/report/grid.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "graft/core/error.h"
#include "graft/image/resize.h"
#include "graft/report/drawing.h"
#include "graft/report/text.h"

namespace graft {
namespace {

// Pixels.
constexpr int margin = 28;            // around the sheet
constexpr int column_gap = 20;        // between columns
constexpr int row_gap = 18;           // between rows
constexpr int title_height = 30;      // above each picture, for titles of one line
constexpr int line_height = 20;       // of each line, if a title has several
constexpr std::size_t max_lines = 3;  // of a title and of a second title
constexpr int heading_height = 48;
constexpr int narrowest_cell = 140;  // room for a title above a small picture
constexpr double caption_size = 15, heading_size = 22;
constexpr std::int64_t most_pixels = 1LL << 28, longest_side = 32'000;

// Each has a contrast of at least 5 : 1 on white.
constexpr std::array<std::uint8_t, 3> black = {31, 35, 40}, green = {17, 122, 55}, red = {200, 30, 30},
                                      frame_gray = {208, 215, 222};

TextStyle title_style(TitleColor color) {
  switch (color) {
    case TitleColor::right:
      return {caption_size, false, green};
    case TitleColor::wrong:
      return {caption_size, true, red};
    case TitleColor::plain:
      break;
  }
  return {caption_size, false, black};
}

// The number of columns with the fewest empty cells, for a sheet between square and twice as wide as high.
int choose_columns(int tiles) {
  const auto empty = [&](int columns) { return (columns - tiles % columns) % columns; };
  int best = static_cast<int>(std::ceil(std::sqrt(tiles)));
  const int most = static_cast<int>(std::ceil(std::sqrt(2.0 * tiles)));
  for (int columns = best + 1; columns <= most; ++columns) {
    if (empty(columns) < empty(best)) best = columns;
  }
  return best;
}

// The displayed size of a picture.
std::pair<int, int> shown_size(const Image& image, int tile_size) {
  const int longer = std::max(image.height(), image.width());
  if (longer <= tile_size) return {image.height(), image.width()};
  const auto shrunk = [&](int side) {
    return std::max(1, static_cast<int>(std::lround(static_cast<double>(side) * tile_size / longer)));
  };
  return {shrunk(image.height()), shrunk(image.width())};
}

struct SheetLayout {
  int columns = 0, cell_width = narrowest_cell;
  std::vector<std::vector<std::string>> titles;  // of each tile, by line
  int title_lines = 1;                           // of the longest title
  std::vector<std::int64_t> row_tops;            // of each row: the top of its titles
  std::int64_t height = 0, width = 0;            // of the sheet

  int cell_top(int index) const {
    return static_cast<int>(row_tops[static_cast<std::size_t>(index / columns)]);
  }
  int titles_height() const { return title_lines == 1 ? title_height : title_lines * line_height + 6; }
  int cell_left(int index) const { return margin + index % columns * (cell_width + column_gap); }
};

// Approximate, large enough for any font.
constexpr double wide_caption_size = 1.1 * caption_size;

std::vector<std::string> title_lines(const Tile& tile, int widest) {
  std::vector<std::string> lines;
  for (const std::string& title : {tile.title, tile.second_title}) {
    if (title.empty()) continue;
    for (std::string& line : wrap_text(title, wide_caption_size, widest, max_lines))
      lines.push_back(std::move(line));
  }
  return lines;
}

SheetLayout lay_out(const std::vector<Tile>& tiles, const GridOptions& options) {
  const int count = static_cast<int>(tiles.size());
  SheetLayout layout;
  layout.columns = options.columns > 0 ? std::min(options.columns, count) : choose_columns(count);
  std::int64_t top = margin + (options.heading.empty() ? 0 : heading_height);
  const int widest_title = options.tile_size + options.tile_size / 2;
  for (const Tile& tile : tiles) {
    layout.titles.push_back(title_lines(tile, widest_title));
    layout.title_lines = std::max(layout.title_lines, static_cast<int>(layout.titles.back().size()));
    for (const std::string& line : layout.titles.back()) {
      const int wanted = static_cast<int>(std::ceil(text_width(line, wide_caption_size)));
      layout.cell_width = std::max(layout.cell_width, std::min(wanted, widest_title));
    }
  }
  int row_height = 0;
  for (int i = 0; i < count; ++i) {
    if (i % layout.columns == 0) {
      if (i > 0) top += layout.titles_height() + row_height + row_gap;
      layout.row_tops.push_back(top);
      row_height = 0;
    }
    const auto [height, width] = shown_size(tiles[static_cast<std::size_t>(i)].image, options.tile_size);
    row_height = std::max(row_height, height);
    layout.cell_width = std::max(layout.cell_width, width);
  }
  layout.height = top + layout.titles_height() + row_height + margin;
  layout.width = 2 * margin + layout.columns * std::int64_t{layout.cell_width + column_gap} - column_gap;
  return layout;
}

void fill_rectangle(Image& sheet, int top, int left, int height, int width,
                    const std::array<std::uint8_t, 3>& color) {
  for (int y = top; y < top + height; ++y) {
    std::uint8_t* pixel = sheet.row(y) + static_cast<std::size_t>(left) * Image::channels;
    for (int x = 0; x < width; ++x, pixel += Image::channels) std::copy(color.begin(), color.end(), pixel);
  }
}

void paste(Image& sheet, const Image& image, int top, int left) {
  for (int y = 0; y < image.height(); ++y) {
    std::memcpy(sheet.row(top + y) + static_cast<std::size_t>(left) * Image::channels, image.row(y),
                image.stride());
  }
}

void draw_tile(Image& sheet, const SheetLayout& layout, const Tile& tile, int index, int tile_size) {
  const int top = layout.cell_top(index), left = layout.cell_left(index);
  const TextStyle style = title_style(tile.color);
  const int line = layout.title_lines == 1 ? title_height : line_height;
  // The last line is next to the picture.
  const std::vector<std::string>& lines = layout.titles[static_cast<std::size_t>(index)];
  int line_top = top + (layout.title_lines - static_cast<int>(lines.size())) * line;
  for (const std::string& each : lines) {
    paste(sheet, draw_text(each, line, layout.cell_width, style), line_top, left);
    line_top += line;
  }
  if (tile.image.empty()) return;
  const auto [height, width] = shown_size(tile.image, tile_size);
  const int picture_top = top + layout.titles_height(), picture_left = left + (layout.cell_width - width) / 2;
  // A frame separates a picture with a white background from the sheet.
  const bool judged = tile.color != TitleColor::plain;
  const int frame = judged ? 3 : 1;
  fill_rectangle(sheet, picture_top - frame, picture_left - frame, height + 2 * frame, width + 2 * frame,
                 judged ? style.color : frame_gray);
  const bool as_it_is = height == tile.image.height() && width == tile.image.width();
  if (as_it_is) {
    paste(sheet, tile.image, picture_top, picture_left);
  } else {
    paste(sheet, resize(tile.image.view(), height, width, Interpolation::bilinear), picture_top,
          picture_left);
  }
}

void check_size(const SheetLayout& layout, std::size_t tiles) {
  if (std::max(layout.height, layout.width) <= longest_side && layout.height * layout.width <= most_pixels)
    return;
  throw UsageError("sheet",
                   std::to_string(tiles) + " pictures would make a sheet of " + std::to_string(layout.width) +
                       " × " + std::to_string(layout.height) + " pixels",
                   "draw fewer pictures");
}

void check(const std::vector<Tile>& tiles, const GridOptions& options) {
  if (tiles.empty()) throw UsageError("sheet", "there are no pictures to draw");
  if (options.columns < 0 || options.columns > 1000) {
    throw UsageError("columns", std::to_string(options.columns) + " is outside 0 to 1000");
  }
  if (options.tile_size < 1 || options.tile_size > 4096) {
    throw UsageError("tile_size", std::to_string(options.tile_size) + " is outside 1 to 4096");
  }
}

}  // namespace

Image draw_grid(const std::vector<Tile>& tiles, const GridOptions& options) {
  check(tiles, options);
  const SheetLayout layout = lay_out(tiles, options);
  check_size(layout, tiles.size());
  Image sheet(static_cast<int>(layout.height), static_cast<int>(layout.width));
  std::memset(sheet.data(), 255, sheet.size_bytes());
  if (!options.heading.empty()) {
    const int heading_width = sheet.width() - 2 * margin;
    paste(sheet, draw_text(options.heading, heading_height, heading_width, {heading_size, true, black}),
          margin / 2, margin);
  }
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    draw_tile(sheet, layout, tiles[i], static_cast<int>(i), options.tile_size);
  }
  return sheet;
}

}  // namespace graft
