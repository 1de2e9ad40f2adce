// Zip archives (PKWARE APPNOTE 6.3): a reader that believes nothing before it has checked it, and a writer of
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
  bool deflated = false;  // otherwise stored as it is
  std::uint32_t crc = 0;
  std::uint32_t attributes = 0;  // as in the archive: the Unix mode, where there is one, in the upper half
  std::uint64_t size = 0;        // unpacked, bytes
  std::span<const std::uint8_t> packed;
};

// The entries of an archive in memory. Construction reads the directory and refuses (Error) an archive that
// is cut short, that has bytes before or after it, several disks, encrypted entries, two entries of one name
// or in the same place, another method than stored and deflated, a size that its bytes cannot give, or a
// local header that contradicts the directory. `bytes` must outlive the object.
class ZipArchive {
 public:
  ZipArchive(std::span<const std::uint8_t> bytes, std::string where);

  // In the order of the archive's directory.
  const std::vector<ZipEntry>& entries() const { return entries_; }
  const ZipEntry* find(std::string_view name) const;  // null when absent

  // A stored entry's bytes where they are, its checksum checked; a checksum of 0 counts as not computed, as
  // torch.serialization.set_crc32_options(False) leaves it. Throws Error on a deflated entry.
  std::span<const std::uint8_t> stored(const ZipEntry& entry) const;

  // Gives the unpacked bytes in pieces. Throws Error when they are not as many as the entry says, at the
  // first byte too many, or when their checksum is another.
  void unpack(const ZipEntry& entry, const std::function<void(std::string_view)>& sink) const;

 private:
  std::string name_of(const ZipEntry& entry) const;  // "archive.zip/entry", for errors

  std::string where_;
  std::vector<ZipEntry> entries_;
  std::vector<std::uint32_t> by_name_;  // indices of entries_, in order of their names
};

// Writes stored entries: add() for each, then finish(). Their bytes begin at multiples of 64 in the file, as
// torch.save lays them, so that a mapped file can be used in place.
class ZipWriter {
 public:
  // Sizes and offsets from `zip64_from` on are written as zip64 (a test asks for less than 4 GiB).
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
  std::uint32_t shortened(std::uint64_t value) const;  // for a 32-bit field: the value, or "see zip64"
  std::string directory_header(const Written& entry) const;
  std::string end_records(std::uint64_t directory) const;

  OutputFile& file_;
  std::uint64_t zip64_from_, position_ = 0;
  std::vector<Written> written_;
};

}  // namespace graft
