#include "graft/image/tiff_layout.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "graft/core/text.h"

namespace graft {
namespace {

constexpr std::uint16_t most_samples = 6;  // as Pillow

bool is_grey(const TiffLayout& layout) {
  return layout.photometric == PHOTOMETRIC_MINISWHITE || layout.photometric == PHOTOMETRIC_MINISBLACK;
}

std::vector<std::uint8_t> read_palette(const TiffFile& tiff, const TiffLayout& layout) {
  std::uint16_t* channels[3] = {};
  if (TIFFGetField(tiff.get(), TIFFTAG_COLORMAP, &channels[0], &channels[1], &channels[2]) == 0)
    tiff.damaged();
  std::vector<std::uint8_t> palette(256 * 3);
  for (std::size_t i = 0; i < std::size_t{1} << layout.bits; ++i) {
    for (std::size_t c = 0; c < 3; ++c) palette[i * 3 + c] = static_cast<std::uint8_t>(channels[c][i] >> 8);
  }
  return palette;
}

bool readable(const TiffLayout& layout) {
  const std::uint16_t bits = layout.bits;
  const bool whole = layout.format == SAMPLEFORMAT_UINT;
  const bool small = bits == 1 || bits == 2 || bits == 4 || bits == 8;
  switch (layout.photometric) {
    case PHOTOMETRIC_MINISWHITE:
    case PHOTOMETRIC_MINISBLACK:
      if (layout.format == SAMPLEFORMAT_IEEEFP) return bits == 32;
      return small || bits == 16 || bits == 32;
    case PHOTOMETRIC_PALETTE:
      return whole && small;
    case PHOTOMETRIC_RGB:
    case PHOTOMETRIC_SEPARATED:
      return whole && (bits == 8 || bits == 16);
    case PHOTOMETRIC_YCBCR:
      return whole && bits == 8 && layout.samples == 3;
    default:
      return false;
  }
}

// The first sample after the colours. A fourth sample of RGB without a description is alpha, as in Pillow.
std::uint16_t extra_sample(const TiffFile& tiff, const TiffLayout& layout) {
  std::uint16_t count = 0;
  std::uint16_t* kinds = nullptr;
  if (TIFFGetField(tiff.get(), TIFFTAG_EXTRASAMPLES, &count, &kinds) != 0 && count > 0) return kinds[0];
  const bool fourth = layout.photometric == PHOTOMETRIC_RGB && layout.samples == 4;
  return fourth ? EXTRASAMPLE_UNASSALPHA : EXTRASAMPLE_UNSPECIFIED;
}

template <class Value>
Value value_at(const std::uint8_t* row, std::size_t index) {
  Value value;
  std::memcpy(&value, row + index * sizeof value, sizeof value);
  return value;
}

template <class Value>
std::uint8_t clamped(Value value) {  // a float loses its fraction; NaN becomes black
  return value >= Value{255} ? std::uint8_t{255}
         : value > Value{0}  ? static_cast<std::uint8_t>(value)
                             : std::uint8_t{0};
}

// libtiff returns values of more than 8 bits in the machine's byte order.
std::uint8_t wide_grey(const TiffLayout& layout, const std::uint8_t* row, std::size_t index) {
  if (layout.format == SAMPLEFORMAT_IEEEFP) return clamped(value_at<float>(row, index));
  const bool is_signed = layout.format == SAMPLEFORMAT_INT;
  if (layout.bits == 16 && is_signed) return clamped(value_at<std::int16_t>(row, index));
  if (layout.bits == 16) return clamped(value_at<std::uint16_t>(row, index));
  // Pillow treats 32-bit values as signed, whatever the file says.
  return clamped(value_at<std::int32_t>(row, index));
}

std::uint8_t small_sample(const TiffLayout& layout, const std::uint8_t* row, std::size_t index) {
  const std::size_t bit = index * layout.bits;
  const unsigned largest = (1U << layout.bits) - 1;
  const unsigned value = row[bit / 8] >> (8 - layout.bits - bit % 8) & largest;
  if (!is_grey(layout)) return static_cast<std::uint8_t>(value);
  const unsigned grey = value * (255 / largest);
  return static_cast<std::uint8_t>(layout.photometric == PHOTOMETRIC_MINISWHITE ? 255 - grey : grey);
}

std::uint8_t sample(const TiffLayout& layout, const std::uint8_t* row, std::size_t index) {
  if (layout.bits <= 8) return small_sample(layout, row, index);
  if (is_grey(layout)) return wide_grey(layout, row, index);
  return static_cast<std::uint8_t>(value_at<std::uint16_t>(row, index) >> 8);
}

// Ink → light, as Pillow: (255 - k) - (255 - k) · c / 255, rounded.
void cmyk_to_rgb(const std::uint8_t* cmyk, std::uint8_t* rgb) {
  const int light = 255 - cmyk[3];
  for (int c = 0; c < 3; ++c) {
    const int product = cmyk[c] * light + 128;
    rgb[c] = static_cast<std::uint8_t>(light - (((product >> 8) + product) >> 8));
  }
}

void divide_by_alpha(std::uint8_t* rgb, int alpha) {
  for (int c = 0; c < 3; ++c) {
    rgb[c] = static_cast<std::uint8_t>(alpha == 0 ? 0 : std::min(rgb[c] * 255 / alpha, 255));
  }
}

}  // namespace

std::size_t TiffLayout::colors() const {
  return photometric == PHOTOMETRIC_RGB || photometric == PHOTOMETRIC_YCBCR ? 3
         : photometric == PHOTOMETRIC_SEPARATED                             ? 4
                                                                            : 1;
}

TiffLayout read_layout(const TiffFile& tiff, const EncodedImage& file) {
  TiffLayout layout;
  layout.height = tiff.number32(TIFFTAG_IMAGELENGTH);
  layout.width = tiff.number32(TIFFTAG_IMAGEWIDTH);
  layout.photometric = tiff.number16(TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISWHITE);
  layout.bits = tiff.number16(TIFFTAG_BITSPERSAMPLE);
  layout.samples = tiff.number16(TIFFTAG_SAMPLESPERPIXEL);
  layout.format = tiff.number16(TIFFTAG_SAMPLEFORMAT);
  layout.separate = tiff.number16(TIFFTAG_PLANARCONFIG) == PLANARCONFIG_SEPARATE && layout.samples > 1;
  const std::uint16_t extra = extra_sample(tiff, layout);
  layout.premultiplied = extra == EXTRASAMPLE_ASSOCALPHA && layout.photometric != PHOTOMETRIC_PALETTE;
  const bool plain = extra == EXTRASAMPLE_UNASSALPHA && layout.samples > layout.colors();
  layout.has_alpha = (layout.premultiplied || plain) && layout.colors() != 4;
  layout.background = file.background;
  if (!readable(layout) || layout.samples < layout.kept() || layout.samples > most_samples) {
    refuse_kind(file, "a kind of TIFF that graft does not read (photometric " +
                          std::to_string(layout.photometric) + ", " + counted(layout.samples, "sample") +
                          " of " + counted(layout.bits, "bit") + ")");
  }
  if (layout.photometric == PHOTOMETRIC_PALETTE) layout.palette = read_palette(tiff, layout);
  return layout;
}

void unpack_samples(const TiffLayout& layout, const std::uint8_t* row, std::size_t first, std::size_t in_step,
                    std::size_t count, std::uint8_t* out, std::size_t out_step) {
  for (std::size_t i = 0; i < count; ++i) out[i * out_step] = sample(layout, row, first + i * in_step);
}

void samples_to_rgb(const TiffLayout& layout, const std::uint8_t* samples, std::uint8_t* rgb) {
  for (std::uint32_t x = 0; x < layout.width; ++x, samples += layout.kept(), rgb += 3) {
    if (layout.colors() == 4) {
      cmyk_to_rgb(samples, rgb);
    } else if (layout.colors() == 3) {
      std::memcpy(rgb, samples, 3);
    } else if (!layout.palette.empty()) {
      std::memcpy(rgb, layout.palette.data() + static_cast<std::size_t>(samples[0]) * 3, 3);
    } else {
      std::memset(rgb, samples[0], 3);
    }
    if (!layout.keeps_alpha()) continue;
    const std::uint8_t alpha = samples[layout.colors()];
    if (layout.premultiplied) divide_by_alpha(rgb, alpha);
    if (layout.background) composite(rgb, alpha, *layout.background);
  }
}

}  // namespace graft
