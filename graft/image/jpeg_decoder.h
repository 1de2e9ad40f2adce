// libjpeg's decoder for one file in memory. Every libjpeg call that can fail is in a function with its own
// setjmp, which must not hold anything that needs a destructor.
//
//   read_header, then begin, then read_rows; each once, and only after the previous one returned `done`.
#pragma once

#include <cstdint>
#include <span>

#include "graft/image/image.h"
#include "graft/image/jpeg_errors.h"

namespace graft {

enum class JpegOutcome { done, truncated, failed };

class JpegDecoder {
 public:
  // `bytes` must outlive this object, which must not be moved.
  explicit JpegDecoder(std::span<const std::uint8_t> bytes);
  ~JpegDecoder();
  JpegDecoder(const JpegDecoder&) = delete;
  JpegDecoder& operator=(const JpegDecoder&) = delete;

  JpegOutcome read_header();
  // Valid after read_header().
  Size size() const;
  int components() const { return decoder_.num_components; }
  bool cmyk() const { return decoder_.num_components == 4; }
  int orientation() const;

  // Shrinks by 1, 2, 4 or 8. `part`, in the shrunk image, is what read_rows() returns.
  JpegOutcome begin(const Window& part, int shrink);
  // Valid after begin(): the columns to be decoded.
  int first_column() const { return first_column_; }
  int columns() const { return static_cast<int>(decoder_.output_width); }

  // Writes the rows of `part` to `pixels`, RGB, columns() wide. `spare_row`: columns() × 4 bytes. Reads to
  // the end of the file whatever the part, so that a truncated file is always detected.
  JpegOutcome read_rows(std::uint8_t* pixels, std::uint8_t* spare_row);

  const char* message() const { return errors_.message.data(); }

 private:
  bool read_some(std::uint8_t* pixels, std::uint8_t* spare_row);
  void choose_blocks();
  bool rest_is_whole();

  JpegErrors errors_{};
  jpeg_decompress_struct decoder_{};
  jpeg_source_mgr source_{};
  jpeg_progress_mgr progress_{};
  Window part_;
  int block_ = DCTSIZE;  // pixels per side of a block, after shrinking
  int first_column_ = 0;
};

}  // namespace graft
