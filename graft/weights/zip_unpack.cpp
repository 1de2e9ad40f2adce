// The unpacking part of ZipArchive: bytes in blocks, with size and checksum checked.
#include <zlib.h>

#include <array>
#include <utility>

#include "graft/core/error.h"
#include "graft/weights/zip.h"

namespace graft {
namespace {

using Sink = std::function<void(std::string_view)>;

// Checks size and checksum of the bytes it passes on; throws at the first byte too many.
class Checked {
 public:
  Checked(std::string where, const ZipEntry& entry, const Sink& sink)
      : where_(std::move(where)), entry_(entry), sink_(sink) {}

  void take(std::string_view piece) {
    if (piece.size() > entry_.size - seen_) damaged("holds more bytes than it declares");
    seen_ += piece.size();
    crc_ = ::crc32_z(crc_, reinterpret_cast<const Bytef*>(piece.data()), piece.size());
    sink_(piece);
  }

  void finish() const {
    if (seen_ != entry_.size) damaged("holds fewer bytes than it declares");
    if (crc_ != entry_.crc) damaged("is damaged: its checksum is not the one that was written");
  }

  [[noreturn]] void damaged(const std::string& problem) const {
    throw Error(where_, problem, "fetch or copy the archive again");
  }

 private:
  std::string where_;
  const ZipEntry& entry_;
  const Sink& sink_;
  std::uint64_t seen_ = 0;
  unsigned long crc_ = 0;
};

class Inflate {
 public:
  explicit Inflate(const std::string& where) {
    // Negative window bits: a bare deflate stream, without zlib's own header.
    if (::inflateInit2(&stream, -MAX_WBITS) != Z_OK) throw Error(where, "cannot be unpacked: out of memory");
  }
  ~Inflate() { ::inflateEnd(&stream); }
  Inflate(const Inflate&) = delete;
  Inflate& operator=(const Inflate&) = delete;

  z_stream stream{};
};

void inflate_all(const std::string& where, std::span<const std::uint8_t> packed, Checked& out) {
  constexpr std::size_t most = 1U << 30;  // zlib counts in 32 bits
  Inflate inflate(where);
  z_stream& stream = inflate.stream;
  std::array<char, 1 << 16> buffer;
  int status = Z_OK;
  while (status != Z_STREAM_END) {
    if (stream.avail_in == 0) {
      const auto piece = packed.first(std::min(packed.size(), most));
      packed = packed.subspan(piece.size());
      stream.next_in = const_cast<Bytef*>(piece.data());  // zlib does not modify its input
      stream.avail_in = static_cast<uInt>(piece.size());
    }
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    status = ::inflate(&stream, Z_NO_FLUSH);
    // Z_BUF_ERROR: no progress is possible, so the bytes ended before the stream.
    if (status != Z_OK && status != Z_STREAM_END) out.damaged("is damaged: its compressed data is invalid");
    out.take({buffer.data(), buffer.size() - stream.avail_out});
  }
  if (stream.avail_in != 0 || !packed.empty()) out.damaged("is damaged: bytes follow its compressed stream");
}

}  // namespace

void ZipArchive::unpack(const ZipEntry& entry, const Sink& sink) const {
  Checked out(name_of(entry), entry, sink);
  if (entry.deflated) {
    inflate_all(name_of(entry), entry.packed, out);
  } else {
    out.take({reinterpret_cast<const char*>(entry.packed.data()), entry.packed.size()});
  }
  out.finish();
}

}  // namespace graft
