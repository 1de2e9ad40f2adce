// A sheet of titled pictures as one image: torchvision.utils.make_grid with matplotlib titles.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graft/image/image.h"

namespace graft {

// Black, green, red. A wrong title is also bold, so that it can be distinguished without colour vision.
enum class TitleColor { plain, right, wrong };

struct Tile {
  Image image;
  std::string title;  // any bytes; in up to three lines if it is wider than a cell
  TitleColor color = TitleColor::plain;
  std::string second_title = {};  // below it, likewise
};

struct GridOptions {
  int columns = 0;      // 0: nearly square, wider than high, with few empty cells
  int tile_size = 224;  // maximum of a picture's longer side in pixels; larger pictures are scaled down
  std::string heading;  // above the sheet; empty for none
};

// Cells are as wide as their titles need, up to 1.5 times tile_size. Throws UsageError if there are no tiles,
// options are out of range (columns 0 to 1000, tile_size 1 to 4096), or the sheet would be too large (2^28
// pixels, 32,000 a side). Thread-safe.
Image draw_grid(const std::vector<Tile>& tiles, const GridOptions& options = {});

}  // namespace graft
