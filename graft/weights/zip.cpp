#include "graft/weights/zip.h"

#include <zlib.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/escape.h"
#include "graft/core/text.h"
#include "graft/weights/byte_reader.h"

namespace graft {
namespace {

constexpr std::uint32_t local_signature = 0x04034b50, entry_signature = 0x02014b50;
constexpr std::uint32_t end_signature = 0x06054b50, end64_signature = 0x06064b50;
constexpr std::uint32_t locator64_signature = 0x07064b50;
constexpr std::size_t end_size = 22, locator64_size = 20, end64_size = 56, entry_size = 46;
constexpr std::uint16_t encrypted_flag = 1, sizes_follow_flag = 8, patched_flag = 1 << 5;
// The largest expansion of a deflate stream.
constexpr std::uint64_t max_deflate_ratio = 1032;

[[noreturn]] void refuse_zip(const std::string& where, const std::string& problem) {
  throw Error(where, problem, "fetch or copy it again");
}

struct Directory {
  std::uint64_t count = 0, size = 0, offset = 0;
};

// The end record is at the end of the archive, followed only by a comment, whose length it holds.
std::size_t find_end(std::span<const std::uint8_t> bytes, const std::string& where) {
  if (bytes.size() < end_size) refuse_zip(where, "is cut short, or not a zip archive");
  const std::size_t last = bytes.size() - end_size;
  for (std::size_t back = 0; back <= std::min<std::size_t>(last, 0xFFFF); ++back) {
    ByteReader reader(bytes.subspan(last - back), where);
    if (reader.number<std::uint32_t>() != end_signature) continue;
    reader.take(16);
    if (reader.number<std::uint16_t>() == back) return last - back;
  }
  refuse_zip(where, "is cut short, or not a zip archive: its directory is missing at the end");
}

// Uses the zip64 record instead of the short one, whose fields must equal it or be "too large".
Directory read_end64(std::span<const std::uint8_t> bytes, std::size_t locator, Directory shortened,
                     const std::string& where) {
  ByteReader at(bytes.subspan(locator + 8), where);
  const auto offset = at.number<std::uint64_t>();
  if (locator < end64_size || offset > locator - end64_size)
    refuse_zip(where, "has a zip64 record out of bounds");
  ByteReader reader(bytes.subspan(static_cast<std::size_t>(offset)), where);
  if (reader.number<std::uint32_t>() != end64_signature)
    refuse_zip(where, "has no zip64 record at its stated offset");
  if (reader.number<std::uint64_t>() != locator - offset - 12)
    refuse_zip(where, "has a zip64 record of a wrong size");
  reader.take(4);  // versions
  const auto disk = reader.number<std::uint32_t>(), first_disk = reader.number<std::uint32_t>();
  const auto here = reader.number<std::uint64_t>();
  Directory directory;
  directory.count = reader.number<std::uint64_t>();
  directory.size = reader.number<std::uint64_t>();
  directory.offset = reader.number<std::uint64_t>();
  if (disk != 0 || first_disk != 0 || here != directory.count)
    refuse_zip(where, "is a part of a split archive");
  const auto agrees = [](std::uint64_t small, std::uint64_t large, std::uint64_t full) {
    return small == large || small == full;
  };
  if (!agrees(shortened.count, directory.count, 0xFFFF) ||
      !agrees(shortened.size, directory.size, 0xFFFF'FFFF) ||
      !agrees(shortened.offset, directory.offset, 0xFFFF'FFFF)) {
    refuse_zip(where, "has two end records that contradict each other");
  }
  if (directory.offset > offset || directory.size != offset - directory.offset) {
    refuse_zip(where, "has a directory that is not at its stated offset");
  }
  return directory;
}

Directory find_directory(std::span<const std::uint8_t> bytes, const std::string& where) {
  const std::size_t end = find_end(bytes, where);
  ByteReader reader(bytes.subspan(end + 4), where);
  const auto disk = reader.number<std::uint16_t>(), first_disk = reader.number<std::uint16_t>();
  const auto here = reader.number<std::uint16_t>();
  Directory directory;
  directory.count = reader.number<std::uint16_t>();
  directory.size = reader.number<std::uint32_t>();
  directory.offset = reader.number<std::uint32_t>();
  if (disk != 0 || first_disk != 0 || here != directory.count)
    refuse_zip(where, "is a part of a split archive");
  if (end >= locator64_size) {
    ByteReader locator(bytes.subspan(end - locator64_size), where);
    if (locator.number<std::uint32_t>() == locator64_signature) {
      return read_end64(bytes, end - locator64_size, directory, where);
    }
  }
  // Must end exactly at the end record: other readers shift every offset by a difference and would read other
  // bytes.
  if (directory.offset > end || directory.size != end - directory.offset) {
    refuse_zip(where, "has a directory that is not at its stated offset");
  }
  return directory;
}

// The fields that an entry's directory header and its local header share.
struct Header {
  std::uint16_t flags = 0, method = 0;
  std::uint32_t crc = 0;
  std::uint64_t packed_size = 0, size = 0;
  std::string_view name;
};

// Replaces sizes (and the offset) that exceed 32 bits by those in the zip64 extra field.
void read_zip64_extra(std::string_view extra, Header& header, std::uint64_t* offset,
                      const std::string& where) {
  ByteReader fields({reinterpret_cast<const std::uint8_t*>(extra.data()), extra.size()}, where);
  while (fields.left() >= 4) {
    const auto id = fields.number<std::uint16_t>();
    const auto length = fields.number<std::uint16_t>();
    ByteReader field(fields.take(length), where);
    if (id != 1) continue;
    for (std::uint64_t* value : {&header.size, &header.packed_size, offset}) {
      if (value != nullptr && *value == 0xFFFF'FFFF) *value = field.number<std::uint64_t>();
    }
    return;
  }
}

struct DirectoryEntryHeader : Header {
  std::uint32_t attributes = 0;
  std::uint64_t offset = 0;
};

DirectoryEntryHeader read_entry(ByteReader& reader, const std::string& where) {
  DirectoryEntryHeader header;
  if (reader.number<std::uint32_t>() != entry_signature) refuse_zip(where, "has a damaged directory");
  reader.take(4);  // versions
  header.flags = reader.number<std::uint16_t>();
  header.method = reader.number<std::uint16_t>();
  reader.take(4);  // time
  header.crc = reader.number<std::uint32_t>();
  header.packed_size = reader.number<std::uint32_t>();
  header.size = reader.number<std::uint32_t>();
  const auto name_length = reader.number<std::uint16_t>(), extra_length = reader.number<std::uint16_t>();
  const auto comment_length = reader.number<std::uint16_t>(), disk = reader.number<std::uint16_t>();
  reader.take(2);  // internal attributes
  header.attributes = reader.number<std::uint32_t>();
  header.offset = reader.number<std::uint32_t>();
  header.name = reader.text(name_length);
  read_zip64_extra(reader.text(extra_length), header, &header.offset, where);
  reader.take(comment_length);
  if (disk != 0) refuse_zip(where, "is a part of a split archive");
  return header;
}

void check_entry(const DirectoryEntryHeader& header, const std::string& where) {
  if (header.name.empty() || header.name.find('\0') != std::string_view::npos) {
    refuse_zip(where, "has an entry without a proper name");
  }
  const std::string entry = where + "/" + printable(header.name);
  if ((header.flags & (encrypted_flag | patched_flag)) != 0) {
    throw Error(entry, "is encrypted or a patch", "unpack it with another program");
  }
  if (header.method != 0 && header.method != Z_DEFLATED) {
    throw Error(entry,
                "is packed by method " + std::to_string(header.method) + ", neither stored nor deflated",
                "pack the archive again");
  }
  const bool possible = header.method == 0 ? header.size == header.packed_size
                                           : header.size / max_deflate_ratio <= header.packed_size;
  if (!possible) {
    refuse_zip(entry, "declares " + counted(header.size, "byte") + ", which its " +
                          std::to_string(header.packed_size) + " in the archive cannot hold");
  }
}

// The data of an entry, after its local header, which must match the directory: otherwise a reader that uses
// one and a checker that uses the other would see two different archives.
std::span<const std::uint8_t> find_data(std::span<const std::uint8_t> before_directory,
                                        const DirectoryEntryHeader& entry, const std::string& where) {
  const std::string name = where + "/" + printable(entry.name);
  if (entry.offset > before_directory.size()) refuse_zip(name, "begins outside the archive");
  ByteReader reader(before_directory.subspan(static_cast<std::size_t>(entry.offset)), name);
  if (reader.number<std::uint32_t>() != local_signature)
    refuse_zip(name, "has no header at its offset in the directory");
  reader.take(2);  // version
  Header local;
  local.flags = reader.number<std::uint16_t>();
  local.method = reader.number<std::uint16_t>();
  reader.take(4);  // time
  local.crc = reader.number<std::uint32_t>();
  local.packed_size = reader.number<std::uint32_t>();
  local.size = reader.number<std::uint32_t>();
  const auto name_length = reader.number<std::uint16_t>(), extra_length = reader.number<std::uint16_t>();
  local.name = reader.text(name_length);
  read_zip64_extra(reader.text(extra_length), local, nullptr, name);
  // With this flag the three may be 0 here and follow the data; the directory's values are used.
  const bool later = (entry.flags & sizes_follow_flag) != 0;
  const auto agrees = [later](std::uint64_t here, std::uint64_t there) {
    return here == there || (later && here == 0);
  };
  if (local.name != entry.name || local.method != entry.method ||
      ((local.flags ^ entry.flags) & sizes_follow_flag) != 0 || !agrees(local.crc, entry.crc) ||
      !agrees(local.size, entry.size) || !agrees(local.packed_size, entry.packed_size)) {
    refuse_zip(name, "has a header that contradicts the archive's directory");
  }
  return reader.take(entry.packed_size);
}

struct Extent {
  std::uint64_t begin, end;
};

void check_overlaps(std::vector<Extent> extents, const std::string& where) {
  std::sort(extents.begin(), extents.end(),
            [](const Extent& a, const Extent& b) { return a.begin < b.begin; });
  for (std::size_t i = 1; i < extents.size(); ++i) {
    if (extents[i].begin < extents[i - 1].end) refuse_zip(where, "has entries that overlap");
  }
}

std::uint32_t crc_of(std::span<const std::uint8_t> bytes) {
  return static_cast<std::uint32_t>(::crc32_z(0, bytes.data(), bytes.size()));
}

}  // namespace

ZipArchive::ZipArchive(std::span<const std::uint8_t> bytes, std::string where) : where_(std::move(where)) {
  const Directory directory = find_directory(bytes, where_);
  const auto before = bytes.first(static_cast<std::size_t>(directory.offset));
  if (directory.count > directory.size / entry_size)
    refuse_zip(where_, "declares more entries than it can hold");
  ByteReader reader(bytes.subspan(before.size(), static_cast<std::size_t>(directory.size)), where_);
  std::vector<Extent> extents;
  for (std::uint64_t i = 0; i < directory.count; ++i) {
    const DirectoryEntryHeader header = read_entry(reader, where_);
    check_entry(header, where_);
    const auto packed = find_data(before, header, where_);
    extents.push_back(
        {header.offset, static_cast<std::uint64_t>(packed.data() + packed.size() - bytes.data())});
    entries_.push_back(
        {std::string(header.name), header.method != 0, header.crc, header.attributes, header.size, packed});
  }
  if (reader.left() != 0) refuse_zip(where_, "has more entries than it declares");
  check_overlaps(std::move(extents), where_);

  by_name_.resize(entries_.size());
  std::iota(by_name_.begin(), by_name_.end(), 0U);
  const auto name = [this](std::uint32_t i) -> const std::string& { return entries_[i].name; };
  std::sort(by_name_.begin(), by_name_.end(), [&](auto a, auto b) { return name(a) < name(b); });
  const auto twice = std::adjacent_find(by_name_.begin(), by_name_.end(),
                                        [&](auto a, auto b) { return name(a) == name(b); });
  if (twice != by_name_.end())
    refuse_zip(where_, "has two entries named \"" + printable(name(*twice)) + "\"");
}

std::string ZipArchive::name_of(const ZipEntry& entry) const { return where_ + "/" + printable(entry.name); }

const ZipEntry* ZipArchive::find(std::string_view name) const {
  const auto found = std::lower_bound(by_name_.begin(), by_name_.end(), name,
                                      [this](std::uint32_t i, auto n) { return entries_[i].name < n; });
  return found != by_name_.end() && entries_[*found].name == name ? &entries_[*found] : nullptr;
}

std::span<const std::uint8_t> ZipArchive::stored(const ZipEntry& entry) const {
  if (entry.deflated)
    throw Error(name_of(entry), "is compressed", "pack the archive again without compression");
  if (entry.crc != 0 && crc_of(entry.packed) != entry.crc) {
    refuse_zip(name_of(entry), "is damaged: its checksum is not the one that was written");
  }
  return entry.packed;
}

}  // namespace graft
