// JPEGs of every make that libjpeg can write, and libjpeg's judgement of any bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "graft/image/image.h"

namespace graft::test {

enum class JpegColours { ycc, grey, rgb };

struct JpegMake {
  int quality = 92;
  int across = 2, down = 2;  // sampling factors of the first component; 1 of the others
  int others = 1;            // sampling factors of the other components, both ways
  unsigned restart_interval = 0;
  JpegColours colours = JpegColours::ycc;
  bool optimized = false;   // Huffman tables made for the picture
  bool interleaved = true;  // one scan
};

std::vector<std::uint8_t> jpeg_of(const ImageView& image, const JpegMake& make);

// A photograph's likeness: slopes, an edge, and noise of that strength (in steps of 255, uniform).
Image noisy(int height, int width, int noise);

// The part of the shrunk picture as libjpeg decodes it, if it accepts the file at all.
std::optional<Image> by_libjpeg(std::span<const std::uint8_t> bytes, const Window& part, int shrink);

// By decode_reduced, where libjpeg reads the header.
std::optional<Image> by_reduced(std::span<const std::uint8_t> bytes, const Window& part, int shrink);

// The whole of a picture of that size, shrunk.
Window shrunk_whole(const Size& size, int shrink);

}  // namespace graft::test
