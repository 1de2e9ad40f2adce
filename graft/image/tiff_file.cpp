#include "graft/image/tiff_file.h"

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <cstring>

namespace graft {

// libtiff's I/O callbacks. `handle` is the TiffFile.
struct TiffCallbacks {
  static tmsize_t read(thandle_t handle, void* out, tmsize_t wanted) {
    auto& file = *static_cast<TiffFile*>(handle);
    const std::span<const std::uint8_t> bytes = file.file_.bytes;
    if (wanted < 0 || file.position_ > bytes.size()) return 0;
    const std::size_t count = std::min(static_cast<std::size_t>(wanted), bytes.size() - file.position_);
    std::memcpy(out, bytes.data() + file.position_, count);
    file.position_ += count;
    return static_cast<tmsize_t>(count);
  }

  static tmsize_t write(thandle_t, void*, tmsize_t) { return 0; }

  static toff_t seek(thandle_t handle, toff_t offset, int whence) {
    auto& file = *static_cast<TiffFile*>(handle);
    const toff_t from = whence == SEEK_CUR   ? file.position_
                        : whence == SEEK_END ? file.file_.bytes.size()
                                             : 0;
    return file.position_ = from + offset;
  }

  static int close(thandle_t) { return 0; }
  static toff_t size(thandle_t handle) { return static_cast<TiffFile*>(handle)->file_.bytes.size(); }

  static int map(thandle_t handle, void** start, toff_t* size) {
    const auto& bytes = static_cast<TiffFile*>(handle)->file_.bytes;
    *start = const_cast<std::uint8_t*>(bytes.data());  // opened for reading: libtiff does not write
    *size = bytes.size();
    return 1;
  }
  static void unmap(thandle_t, void*, toff_t) {}

  static int ignore(TIFF*, void*, const char*, const char*, va_list) { return 1; }
};

TiffFile::TiffFile(const EncodedImage& file) : file_(file) {
  TIFFOpenOptions* options = TIFFOpenOptionsAlloc();
  TIFFOpenOptionsSetErrorHandlerExtR(options, keep_message, this);
  TIFFOpenOptionsSetWarningHandlerExtR(options, TiffCallbacks::ignore, nullptr);
  TIFFOpenOptionsSetMaxSingleMemAlloc(options, tmsize_t{1} << 30);
  tiff_ = TIFFClientOpenExt("file", "r", this, TiffCallbacks::read, TiffCallbacks::write, TiffCallbacks::seek,
                            TiffCallbacks::close, TiffCallbacks::size, TiffCallbacks::map,
                            TiffCallbacks::unmap, options);
  TIFFOpenOptionsFree(options);
  if (tiff_ == nullptr) damaged();
}

TiffFile::~TiffFile() {
  if (tiff_ != nullptr) TIFFClose(tiff_);
}

std::uint16_t TiffFile::number16(std::uint32_t tag, std::uint16_t otherwise) const {
  std::uint16_t value = 0;
  return TIFFGetFieldDefaulted(tiff_, tag, &value) != 0 ? value : otherwise;
}

std::uint32_t TiffFile::number32(std::uint32_t tag) const {
  std::uint32_t value = 0;
  return TIFFGetField(tiff_, tag, &value) != 0 ? value : 0;
}

void TiffFile::damaged() const {
  throw_if_out_of_memory(message_);
  refuse(file_, "the TIFF file is damaged or cut short" + (message_.empty() ? "" : " (" + message_ + ")"));
}

int TiffFile::keep_message(TIFF*, void* self, const char*, const char* format, va_list arguments) {
  std::string& message = static_cast<TiffFile*>(self)->message_;
  if (!message.empty()) return 1;
  std::array<char, 256> text{};
  std::vsnprintf(text.data(), text.size(), format, arguments);
  message = text.data();
  while (!message.empty() && (message.back() == '.' || message.back() == '\n')) message.pop_back();
  return 1;
}

}  // namespace graft
