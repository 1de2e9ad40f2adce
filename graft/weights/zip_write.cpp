#include <zlib.h>

#include "graft/weights/zip.h"

namespace graft {
namespace {

constexpr std::uint64_t alignment = 64;

template <class T>
void put(std::string& out, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    out += static_cast<char>((static_cast<std::uint64_t>(value) >> (8 * i)) & 0xFF);
  }
}

// The fields that local and directory headers share, from "version needed" to the size.
void put_common(std::string& out, std::uint32_t crc, std::uint32_t size, bool zip64) {
  put<std::uint16_t>(out, zip64 ? 45 : 20);  // version needed
  put<std::uint16_t>(out, 1 << 11);          // names are UTF-8
  put<std::uint16_t>(out, 0);                // stored
  put<std::uint16_t>(out, 0);                // constant time: the same weights give the same file
  put<std::uint16_t>(out, (1 << 5) | 1);     // 1 January 1980
  put<std::uint32_t>(out, crc);
  put<std::uint32_t>(out, size);
  put<std::uint32_t>(out, size);
}

}  // namespace

ZipWriter::ZipWriter(OutputFile& file, std::uint64_t zip64_from) : file_(file), zip64_from_(zip64_from) {}

std::uint32_t ZipWriter::shortened(std::uint64_t value) const {
  return value >= zip64_from_ ? 0xFFFF'FFFF : static_cast<std::uint32_t>(value);
}

void ZipWriter::write(const std::string& bytes) {
  file_.write(bytes);
  position_ += bytes.size();
}

void ZipWriter::add(const std::string& name, std::span<const std::uint8_t> bytes) {
  const bool zip64 = bytes.size() >= zip64_from_;
  const auto crc = static_cast<std::uint32_t>(::crc32_z(0, bytes.data(), bytes.size()));
  std::string extra;
  if (zip64) {
    put<std::uint16_t>(extra, 1);
    put<std::uint16_t>(extra, 16);
    put<std::uint64_t>(extra, bytes.size());
    put<std::uint64_t>(extra, bytes.size());
  }
  // An extra field "FB" that pads the data to the next multiple of 64, as torch.save does.
  const std::uint64_t unpadded = position_ + 30 + name.size() + extra.size() + 4;
  const auto padding = static_cast<std::uint16_t>((alignment - unpadded % alignment) % alignment);
  put<std::uint16_t>(extra, 0x4246);
  put<std::uint16_t>(extra, padding);
  extra.append(padding, 'Z');

  std::string header;
  put<std::uint32_t>(header, 0x04034b50);
  put_common(header, crc, shortened(bytes.size()), zip64);
  put<std::uint16_t>(header, static_cast<std::uint16_t>(name.size()));
  put<std::uint16_t>(header, static_cast<std::uint16_t>(extra.size()));
  written_.push_back({name, crc, bytes.size(), position_});
  write(header + name + extra);
  file_.write({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  position_ += bytes.size();
}

void ZipWriter::finish() {
  const std::uint64_t directory = position_;
  for (const Written& entry : written_) write(directory_header(entry));
  write(end_records(directory));
}

std::string ZipWriter::directory_header(const Written& entry) const {
  std::string wide;  // values that exceed 32 bits
  if (entry.size >= zip64_from_) {
    put<std::uint64_t>(wide, entry.size);
    put<std::uint64_t>(wide, entry.size);
  }
  if (entry.offset >= zip64_from_) put<std::uint64_t>(wide, entry.offset);
  std::string extra;
  if (!wide.empty()) {
    put<std::uint16_t>(extra, 1);
    put<std::uint16_t>(extra, static_cast<std::uint16_t>(wide.size()));
    extra += wide;
  }
  std::string header;
  put<std::uint32_t>(header, 0x02014b50);
  put<std::uint16_t>(header, 45);  // version made by
  put_common(header, entry.crc, shortened(entry.size), !wide.empty());
  put<std::uint16_t>(header, static_cast<std::uint16_t>(entry.name.size()));
  put<std::uint16_t>(header, static_cast<std::uint16_t>(extra.size()));
  header.append(10, '\0');  // no comment, disk 0, no attributes
  put<std::uint32_t>(header, shortened(entry.offset));
  return header + entry.name + extra;
}

std::string ZipWriter::end_records(std::uint64_t directory) const {
  const std::uint64_t end64 = position_, size = end64 - directory, count = written_.size();
  std::string end;
  if (count >= 0xFFFF || size >= zip64_from_ || directory >= zip64_from_) {
    put<std::uint32_t>(end, 0x06064b50);
    put<std::uint64_t>(end, 44);  // bytes that follow in this record
    put<std::uint16_t>(end, 45);  // version made by
    put<std::uint16_t>(end, 45);  // version needed
    put<std::uint64_t>(end, 0);   // disks
    put<std::uint64_t>(end, count);
    put<std::uint64_t>(end, count);
    put<std::uint64_t>(end, size);
    put<std::uint64_t>(end, directory);
    put<std::uint32_t>(end, 0x07064b50);  // the locator of the record above
    put<std::uint32_t>(end, 0);
    put<std::uint64_t>(end, end64);
    put<std::uint32_t>(end, 1);
  }
  const auto short_count = static_cast<std::uint16_t>(count >= 0xFFFF ? 0xFFFF : count);
  put<std::uint32_t>(end, 0x06054b50);
  put<std::uint32_t>(end, 0);  // disks
  put<std::uint16_t>(end, short_count);
  put<std::uint16_t>(end, short_count);
  put<std::uint32_t>(end, shortened(size));
  put<std::uint32_t>(end, shortened(directory));
  put<std::uint16_t>(end, 0);  // no comment
  return end;
}

}  // namespace graft
