// A TIFF file in memory, opened by libtiff. libtiff's messages are kept for the error and not printed, and
// its allocations are bounded. (libtiff 4.5 or newer: older versions have one message handler per process.)
#pragma once

#include <tiffio.h>

#include <string>

#include "graft/image/formats.h"

namespace graft {

class TiffFile {
 public:
  // Opens the first directory. Throws Error if there is none.
  explicit TiffFile(const EncodedImage& file);
  ~TiffFile();
  TiffFile(const TiffFile&) = delete;
  TiffFile& operator=(const TiffFile&) = delete;

  TIFF* get() const { return tiff_; }

  // A field of one 16-bit or 32-bit number, or its default if the file has none.
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
