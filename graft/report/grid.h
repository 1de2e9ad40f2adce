// A sheet of titled pictures as one image: torchvision.utils.make_grid with matplotlib titles.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graft/image/image.h"

namespace graft {

// Black, green, red. A wrong one is bold as well, so that it is distinguished without seeing red and green.
enum class TitleColor { plain, right, wrong };

struct Tile {
  Image image;
  std::string title;  // any bytes; in up to three lines where it is longer than a cell may be wide
  TitleColor color = TitleColor::plain;
  std::string second_title = {};  // below it, likewise
};

struct GridOptions {
  int columns = 0;      // 0: near square, wider than high, with few places left empty
  int tile_size = 224;  // most pixels of a picture's longer side: larger ones are shrunk, smaller ones stay
  std::string heading;  // above the sheet; empty for none
};

// Cells are as wide as their titles need, up to half as much again as tile_size.
// Throws UsageError when there are no tiles, options are out of range (columns 0 to 1000, tile_size 1 to
// 4096), or the sheet would be larger than can be looked at (2^28 pixels, 32,000 a side). Thread-safe.
Image draw_grid(const std::vector<Tile>& tiles, const GridOptions& options = {});

}  // namespace graft
