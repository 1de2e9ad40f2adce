// A sheet of titled pictures as one image: torchvision.utils.make_grid with matplotlib titles.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graft/image/image.h"

namespace graft {

enum class TitleColor { plain, right, wrong };  // black, green, red

struct Tile {
  Image image;
  std::string title;  // any UTF-8; shortened with "…" where it does not fit
  TitleColor color = TitleColor::plain;
};

struct GridOptions {
  int columns = 0;         // 0: near square, wider than high
  int tile_size = 224;     // pixels of a picture's longer side; smaller pictures are not enlarged beyond it
  std::string heading;     // above the sheet; empty for none
};

// Throws UsageError when there are no tiles.
Image draw_grid(const std::vector<Tile>& tiles, const GridOptions& options = {});

}  // namespace graft
