// A TIFF file in memory, opened by libtiff. Its messages are kept for the error, not printed, and its own
// allocations are bounded. (libtiff 4.5 or newer: older ones have one message handler for the whole process.)
#pragma once

#include <tiffio.h>

#include <string>

#include "graft/image/formats.h"

namespace graft {

class TiffFile {
 public:
  // At the first directory. Throws Error when there is none.
  explicit TiffFile(const EncodedImage& file);
  ~TiffFile();
  TiffFile(const TiffFile&) = delete;
  TiffFile& operator=(const TiffFile&) = delete;

  TIFF* get() const { return tiff_; }

  // A field of one 16-bit or 32-bit number, its default where the file has none.
  std::uint16_t number16(std::uint32_t tag, std::uint16_t otherwise = 0) const;
  std::uint32_t number32(std::uint32_t tag) const;

  // Throws the Error of a damaged file, with libtiff's first message.
  [[noreturn]] void damaged() const;

 private:
  static int keep_message(TIFF*, void* self, const char* module, const char* format, va_list arguments);

  EncodedImage file_;
  std::uint64_t position_ = 0;
  std::string message_;
  TIFF* tiff_ = nullptr;

  friend struct TiffCallbacks;
};

}  // namespace graft
