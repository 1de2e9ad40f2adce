// How the pixels of a TIFF file are stored, and how its samples become RGB.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "graft/image/tiff_file.h"

namespace graft {

struct TiffLayout {
  std::uint32_t height = 0, width = 0;
  std::uint16_t photometric = 0, bits = 1, samples = 1, format = SAMPLEFORMAT_UINT;
  bool separate = false;              // each sample in a plane of its own
  bool has_alpha = false;             // the sample after the colours is alpha
  bool premultiplied = false;         // and they are multiplied by it
  std::optional<Color> background;    // what shows through transparent pixels; empty: alpha is left out
  std::vector<std::uint8_t> palette;  // 256 × RGB

  // Samples of a pixel that make its colour: 1 grey or index, 3 RGB, 4 CMYK.
  std::size_t colors() const;
  // What is kept of a pixel: the colours and, where it decides what they become, alpha.
  std::size_t kept() const { return colors() + (keeps_alpha() ? 1 : 0); }
  bool keeps_alpha() const { return has_alpha && (background || (premultiplied && colors() == 3)); }
};

// Throws Error for what graft does not read.
TiffLayout read_layout(const TiffFile& tiff, const EncodedImage& file);

// Values of a decoded row → 8 bits, as Pillow does: colours keep their high byte, wide grey is clamped,
// palette indices stay. Takes `count` values, from number `first` on, every `in_step`-th; writes every
// `out_step`-th byte of `out`.
void unpack_samples(const TiffLayout& layout, const std::uint8_t* row, std::size_t first, std::size_t in_step,
                    std::size_t count, std::uint8_t* out, std::size_t out_step);

// A row of kept samples, one byte each → RGB.
void samples_to_rgb(const TiffLayout& layout, const std::uint8_t* samples, std::uint8_t* rgb);

}  // namespace graft
