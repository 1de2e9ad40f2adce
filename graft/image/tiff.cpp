// TIFF: libtiff decompresses strips or tiles; the samples are interpreted as Pillow does. Images are oriented
// by their orientation tag, as Pillow always does.
#include <algorithm>
#include <utility>
#include <vector>

#include "graft/image/formats.h"
#include "graft/image/orientation.h"
#include "graft/image/tiff_file.h"
#include "graft/image/tiff_layout.h"

namespace graft {
namespace {

// A strip or a tile: a rectangle of the image that is compressed separately.
struct Block {
  std::uint32_t top = 0, left = 0, height = 0, width = 0;  // the part inside the image
};

constexpr tmsize_t max_block_bytes = tmsize_t{1} << 30;  // as libtiff's own allocations (tiff_file.cpp)

// The largest expansion of a deflate or LZW stream. (Other codecs can exceed it: a white fax page takes
// almost no bytes.)
constexpr std::uint64_t max_ratio = 4096;

// Refuses a file that is too small to decompress to so many samples.
void check_proportion(const EncodedImage& file, std::uint16_t compression, std::uint64_t bytes) {
  switch (compression) {
    case COMPRESSION_NONE:
    case COMPRESSION_LZW:
    case COMPRESSION_PACKBITS:
    case COMPRESSION_DEFLATE:
    case COMPRESSION_ADOBE_DEFLATE:
      if (bytes / max_ratio <= file.bytes.size()) return;
      refuse(file, "the TIFF file is damaged or cut short (it declares " + std::to_string(bytes) +
                       " bytes of samples, which its " + std::to_string(file.bytes.size()) + " cannot hold)");
    default:
      return;
  }
}

// The decompressed size of a strip or tile.
std::size_t checked_block_bytes(const EncodedImage& file, const TiffFile& tiff, tmsize_t size) {
  if (size > max_block_bytes) refuse_kind(file, "has strips or tiles of more than 1 GiB");
  const auto bytes = static_cast<std::size_t>(std::max<tmsize_t>(size, 0));
  check_proportion(file, tiff.number16(TIFFTAG_COMPRESSION), bytes);
  return bytes;
}

class BlockReader {
 public:
  BlockReader(const EncodedImage& file, const TiffFile& tiff, const TiffLayout& layout)
      : tiff_(tiff), layout_(layout), samples_(layout.kept() * layout.width * layout.height) {
    if (tiled()) {
      block_height_ = tiff.number32(TIFFTAG_TILELENGTH);
      block_width_ = tiff.number32(TIFFTAG_TILEWIDTH);
      check_size(file, block_height_, block_width_);  // a tile can be larger than its image
      buffer_.resize(checked_block_bytes(file, tiff, TIFFTileSize(tiff.get())));
      row_bytes_ = static_cast<std::size_t>(TIFFTileRowSize(tiff.get()));
    } else {
      const std::uint32_t rows = tiff.number32(TIFFTAG_ROWSPERSTRIP);
      block_height_ = rows == 0 ? layout.height : std::min(rows, layout.height);
      block_width_ = layout.width;
      buffer_.resize(checked_block_bytes(file, tiff, TIFFVStripSize(tiff.get(), block_height_)));
      row_bytes_ = static_cast<std::size_t>(TIFFScanlineSize(tiff.get()));
    }
    const std::size_t in_block = layout.separate ? 1 : layout.samples;
    const std::size_t needed = (static_cast<std::size_t>(block_width_) * in_block * layout.bits + 7) / 8;
    if (row_bytes_ < needed || buffer_.size() / block_height_ < row_bytes_) tiff.damaged();
  }

  // All kept samples of the image, one byte each.
  std::vector<std::uint8_t> read() {
    const std::size_t planes = layout_.separate ? layout_.kept() : 1;
    for (std::size_t plane = 0; plane < planes; ++plane) {
      for (std::uint32_t top = 0; top < layout_.height;
           top += std::min(block_height_, layout_.height - top)) {
        for (std::uint32_t left = 0; left < layout_.width;
             left += std::min(block_width_, layout_.width - left)) {
          read_block({top, left, std::min(block_height_, layout_.height - top),
                      std::min(block_width_, layout_.width - left)},
                     static_cast<std::uint16_t>(plane));
        }
      }
    }
    return std::move(samples_);
  }

 private:
  bool tiled() const { return TIFFIsTiled(tiff_.get()) != 0; }

  void read_block(const Block& block, std::uint16_t plane) {
    unpack_block(block, plane);
    const std::size_t kept = layout_.kept();
    for (std::uint32_t y = 0; y < block.height; ++y) {
      const std::uint8_t* row = buffer_.data() + y * row_bytes_;
      std::uint8_t* out =
          samples_.data() + ((static_cast<std::size_t>(block.top) + y) * layout_.width + block.left) * kept;
      if (layout_.separate) {
        unpack_samples(layout_, row, 0, 1, block.width, out + plane, kept);
        continue;
      }
      for (std::size_t s = 0; s < kept; ++s) {
        unpack_samples(layout_, row, s, layout_.samples, block.width, out + s, kept);
      }
    }
  }

  void unpack_block(const Block& block, std::uint16_t plane) {
    TIFF* tiff = tiff_.get();
    const auto size = tiled() ? static_cast<tmsize_t>(buffer_.size()) : TIFFVStripSize(tiff, block.height);
    const std::uint32_t number = tiled() ? TIFFComputeTile(tiff, block.left, block.top, 0, plane)
                                         : TIFFComputeStrip(tiff, block.top, plane);
    const auto unpack = tiled() ? TIFFReadEncodedTile : TIFFReadEncodedStrip;
    if (unpack(tiff, number, buffer_.data(), size) != size) tiff_.damaged();
  }

  const TiffFile& tiff_;
  const TiffLayout& layout_;
  std::vector<std::uint8_t> samples_;
  std::vector<std::uint8_t> buffer_;
  std::uint32_t block_height_ = 0, block_width_ = 0;
  std::size_t row_bytes_ = 0;
};

// Whether Pillow reads the samples without libtiff: uncompressed YCbCr without subsampling.
bool is_plain_ycbcr(const TiffFile& tiff, const TiffLayout& layout, std::uint16_t compression) {
  std::uint16_t across = 0, down = 0;
  TIFFGetFieldDefaulted(tiff.get(), TIFFTAG_YCBCRSUBSAMPLING, &across, &down);
  return layout.photometric == PHOTOMETRIC_YCBCR && compression == COMPRESSION_NONE && !layout.separate &&
         across == 1 && down == 1;
}

// Pillow's tables: in 64ths, rounded once, whatever the file's coefficients are.
void ycbcr_to_rgb(std::vector<std::uint8_t>& samples) {
  const auto in_64ths = [](double factor, int difference) {
    return static_cast<int>(factor * 64 * difference + 0.5);
  };
  const auto clipped = [](int value) { return static_cast<std::uint8_t>(std::clamp(value, 0, 255)); };
  for (std::size_t i = 0; i + 2 < samples.size(); i += 3) {
    const int y = samples[i], cb = samples[i + 1] - 128, cr = samples[i + 2] - 128;
    samples[i] = clipped(y + (in_64ths(1.402, cr) >> 6));
    samples[i + 1] = clipped(y + ((in_64ths(-0.34414, cb) + in_64ths(-0.71414, cr)) >> 6));
    samples[i + 2] = clipped(y + (in_64ths(1.772, cb) >> 6));
  }
}

// Other YCbCr that is not JPEG: libtiff's conversion to RGB, for the whole image at once.
void read_as_rgba(const TiffFile& tiff, Image& image) {
  TIFFRGBAImage reader{};
  char message[1024] = "";
  if (TIFFRGBAImageBegin(&reader, tiff.get(), 1, message) == 0) tiff.damaged();
  reader.orientation = reader.req_orientation = ORIENTATION_TOPLEFT;  // oriented below, like all others
  std::vector<std::uint32_t> pixels(image.size_bytes() / 3);
  const int done = TIFFRGBAImageGet(&reader, pixels.data(), static_cast<std::uint32_t>(image.width()),
                                    static_cast<std::uint32_t>(image.height()));
  TIFFRGBAImageEnd(&reader);
  if (done == 0) tiff.damaged();
  std::uint8_t* out = image.data();
  for (const std::uint32_t pixel : pixels) {
    *out++ = static_cast<std::uint8_t>(TIFFGetR(pixel));
    *out++ = static_cast<std::uint8_t>(TIFFGetG(pixel));
    *out++ = static_cast<std::uint8_t>(TIFFGetB(pixel));
  }
}

}  // namespace

DecodedImage decode_tiff(const EncodedImage& file) {
  const TiffFile tiff(file);
  // Check the size first: read_layout() may refuse another property of an image that is refused for its size
  // anyway.
  Image image = new_image(file, tiff.number32(TIFFTAG_IMAGELENGTH), tiff.number32(TIFFTAG_IMAGEWIDTH));
  const TiffLayout layout = read_layout(tiff, file);
  const std::uint16_t compression = tiff.number16(TIFFTAG_COMPRESSION);
  check_proportion(file, compression,
                   std::uint64_t{layout.width} * layout.height * layout.samples * layout.bits / 8);
  if (compression == COMPRESSION_ADOBE_DEFLATE || compression == COMPRESSION_DEFLATE) {
    // For a strip that decompresses to too many rows, libdeflate leaves the last pixels uninitialised.
    TIFFSetField(tiff.get(), TIFFTAG_DEFLATE_SUBCODEC, DEFLATE_SUBCODEC_ZLIB);
  }
  const bool by_libjpeg = compression == COMPRESSION_JPEG && !layout.separate;
  if (layout.photometric == PHOTOMETRIC_YCBCR && by_libjpeg) {
    TIFFSetField(tiff.get(), TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
  }
  const bool plain_ycbcr = is_plain_ycbcr(tiff, layout, compression);
  if (layout.photometric == PHOTOMETRIC_YCBCR && !by_libjpeg && !plain_ycbcr) {
    read_as_rgba(tiff, image);
  } else {
    std::vector<std::uint8_t> samples = BlockReader(file, tiff, layout).read();
    if (plain_ycbcr) ycbcr_to_rgb(samples);
    for (int y = 0; y < image.height(); ++y) {
      samples_to_rgb(layout, samples.data() + static_cast<std::size_t>(y) * layout.width * layout.kept(),
                     image.row(y));
    }
  }
  return {oriented(std::move(image), tiff.number16(TIFFTAG_ORIENTATION, 1)), 1};
}

}  // namespace graft
