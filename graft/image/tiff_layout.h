// The storage of a TIFF file's pixels, and the conversion of its samples to RGB.
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
  bool separate = false;              // one plane per sample
  bool has_alpha = false;             // the sample after the colours is alpha
  bool premultiplied = false;         // and the colours are multiplied by it
  std::optional<Color> background;    // behind transparent pixels; empty: alpha is dropped
  std::vector<std::uint8_t> palette;  // 256 × RGB

  // Colour samples per pixel: 1 grey or index, 3 RGB, 4 CMYK.
  std::size_t colors() const;
  // Samples kept per pixel: the colours and, if it affects them, alpha.
  std::size_t kept() const { return colors() + (keeps_alpha() ? 1 : 0); }
  bool keeps_alpha() const { return has_alpha && (background || (premultiplied && colors() == 3)); }
};

// Throws Error for layouts that graft does not read.
TiffLayout read_layout(const TiffFile& tiff, const EncodedImage& file);

// Values of a decoded row → 8 bits, as in Pillow: colours keep their high byte, wide grey is clamped, palette
// indices are unchanged. Reads `count` values, every `in_step`-th from number `first`; writes every
// `out_step`-th byte of `out`.
void unpack_samples(const TiffLayout& layout, const std::uint8_t* row, std::size_t first, std::size_t in_step,
                    std::size_t count, std::uint8_t* out, std::size_t out_step);

// A row of kept samples, one byte each → RGB.
void samples_to_rgb(const TiffLayout& layout, const std::uint8_t* samples, std::uint8_t* rgb);

}  // namespace graft
