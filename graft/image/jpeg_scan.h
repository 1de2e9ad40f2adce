// What a JPEG's header says of its only scan, and where the scan's codes begin: all that decoding it takes.
// Filled by JpegDecoder, so that libjpeg alone judges what stands before the codes.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "graft/image/image.h"

namespace graft {

// A Huffman table as it stands in the file: counts[n] codes of n bits, and what they mean in the codes'
// order.
struct HuffmanCodes {
  std::array<std::uint8_t, 17> counts{};
  std::array<std::uint8_t, 256> symbols{};
};

struct JpegScanComponent {
  int across = 1, down = 1;               // blocks of an MCU: the sampling factors
  std::array<std::uint16_t, 64> steps{};  // of the quantisation, row by row
  HuffmanCodes dc, ac;
};

// Sequential, Huffman-coded, 8 bits a sample: grey, or Y, Cb and Cr.
struct JpegScan {
  Size size;
  std::vector<JpegScanComponent> components;
  unsigned restart_interval = 0;        // MCUs; 0: no restarts
  std::span<const std::uint8_t> codes;  // from the first code to the end of the file
};

}  // namespace graft
