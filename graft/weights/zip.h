// Zip archives (PKWARE APPNOTE 6.3): a reader that validates everything before it uses it, and a writer of
// stored entries. PyTorch's files and data sets are such archives. Internal.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graft/core/files.h"

namespace graft {

struct ZipEntry {
  std::string name;
  bool deflated = false;  // otherwise stored
  std::uint32_t crc = 0;
  std::uint32_t attributes = 0;  // as in the archive; the Unix mode, if any, is in the upper half
  std::uint64_t size = 0;        // unpacked, bytes
  std::span<const std::uint8_t> packed;
};

// The entries of an archive in memory. The constructor reads the directory and throws Error for an archive
// that is cut short, has bytes before or after it, several disks, encrypted entries, entries with the same
// name or overlapping data, a method other than stored and deflated, a size that its bytes cannot expand to,
// or a local header that contradicts the directory. `bytes` must outlive the object.
class ZipArchive {
 public:
  ZipArchive(std::span<const std::uint8_t> bytes, std::string where);

  // In the order of the archive's directory.
  const std::vector<ZipEntry>& entries() const { return entries_; }
  const ZipEntry* find(std::string_view name) const;  // null if absent

  // A stored entry's bytes in place, after checking the checksum; a checksum of 0 means not computed, as with
  // torch.serialization.set_crc32_options(False). Throws Error for a deflated entry.
  std::span<const std::uint8_t> stored(const ZipEntry& entry) const;

  // Passes the unpacked bytes to `sink` in blocks. Throws Error at the first byte beyond the entry's size,
  // and if there are too few bytes or the checksum does not match.
  void unpack(const ZipEntry& entry, const std::function<void(std::string_view)>& sink) const;

 private:
  std::string name_of(const ZipEntry& entry) const;  // "archive.zip/entry", for errors

  std::string where_;
  std::vector<ZipEntry> entries_;
  std::vector<std::uint32_t> by_name_;  // indices of entries_, in order of their names
};

// Writes stored entries: add() for each, then finish(). Their data begins at multiples of 64 bytes, as in
// torch.save, so that a mapped file can be used in place.
class ZipWriter {
 public:
  // Sizes and offsets from `zip64_from` on are written as zip64 (tests pass less than 4 GiB).
  explicit ZipWriter(OutputFile& file, std::uint64_t zip64_from = 0xFFFF'FFFF);

  void add(const std::string& name, std::span<const std::uint8_t> bytes);
  void finish();

 private:
  struct Written {
    std::string name;
    std::uint32_t crc;
    std::uint64_t size, offset;
  };
  void write(const std::string& bytes);
  std::uint32_t shortened(std::uint64_t value) const;  // for a 32-bit field: the value, or the zip64 marker
  std::string directory_header(const Written& entry) const;
  std::string end_records(std::uint64_t directory) const;

  OutputFile& file_;
  std::uint64_t zip64_from_, position_ = 0;
  std::vector<Written> written_;
};

}  // namespace graft
