// Zip archives written byte by byte, valid unless a field is overridden.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace graft::test {

// Appends a little-endian number of `bytes` bytes.
void put(std::string& out, std::uint64_t value, int bytes);

std::string deflated(const std::string& text);  // a bare deflate stream

struct ZipRecord {
  std::string name = {}, data = {};  // data as stored in the archive
  std::uint16_t method = 0;          // 8: deflated
  std::uint16_t flags = 0;           // in both headers
  std::uint32_t attributes = 0;      // in the directory
  std::string extra = {};            // in both headers
  // Overrides; empty: the correct value (a deflated record needs `size` and `crc`).
  std::optional<std::uint32_t> crc = {}, size = {}, packed_size = {};  // in both headers
  std::optional<std::uint32_t> local_crc = {}, local_size = {};        // in the local header
  std::optional<std::string> local_name = {};
  std::optional<std::uint16_t> local_method = {};
  std::optional<std::uint32_t> offset = {};  // in the directory
};

struct ZipEnd {
  std::string before = {}, after = {};  // other bytes around the archive
  std::string comment = {};
  std::optional<std::uint16_t> count = {};  // of entries
  std::optional<std::uint32_t> directory_size = {}, directory_offset = {};
  std::uint16_t disk = 0;
  bool zip64 = false;                                                       // with a zip64 record and locator
  std::optional<std::uint64_t> count64 = {}, offset64 = {}, record64 = {};  // in them
};

std::string zip_of(const std::vector<ZipRecord>& records, const ZipEnd& end = {});

// A record with the contents `text`, compressed.
ZipRecord deflated_record(const std::string& name, const std::string& text);

}  // namespace graft::test
