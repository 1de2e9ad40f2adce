#include "tests/weights/zip_bytes.h"

#include <zlib.h>

namespace graft::test {
namespace {

std::uint32_t crc_of(const std::string& text) {
  return static_cast<std::uint32_t>(::crc32_z(0, reinterpret_cast<const Bytef*>(text.data()), text.size()));
}

void put_local(std::string& out, const ZipRecord& record) {
  const std::string& name = record.local_name.value_or(record.name);
  put(out, 0x04034b50, 4);
  put(out, 20, 2);
  put(out, record.flags, 2);
  put(out, record.local_method.value_or(record.method), 2);
  put(out, 0, 4);  // time
  put(out, record.local_crc.value_or(record.crc.value_or(crc_of(record.data))), 4);
  put(out, record.packed_size.value_or(static_cast<std::uint32_t>(record.data.size())), 4);
  put(out, record.local_size.value_or(record.size.value_or(static_cast<std::uint32_t>(record.data.size()))),
      4);
  put(out, name.size(), 2);
  put(out, record.extra.size(), 2);
  out += name + record.extra + record.data;
}

void put_entry(std::string& out, const ZipRecord& record, std::size_t offset) {
  put(out, 0x02014b50, 4);
  put(out, 0x0314, 2);  // made on Unix
  put(out, 20, 2);
  put(out, record.flags, 2);
  put(out, record.method, 2);
  put(out, 0, 4);  // time
  put(out, record.crc.value_or(crc_of(record.data)), 4);
  put(out, record.packed_size.value_or(static_cast<std::uint32_t>(record.data.size())), 4);
  put(out, record.size.value_or(static_cast<std::uint32_t>(record.data.size())), 4);
  put(out, record.name.size(), 2);
  put(out, record.extra.size(), 2);
  put(out, 0, 2);  // comment
  put(out, 0, 2);  // disk
  put(out, 0, 2);
  put(out, record.attributes, 4);
  put(out, record.offset.value_or(static_cast<std::uint32_t>(offset)), 4);
  out += record.name + record.extra;
}

void put_zip64(std::string& out, const ZipEnd& end, std::size_t count, std::size_t directory,
               std::size_t size) {
  const std::size_t record = out.size();
  put(out, 0x06064b50, 4);
  put(out, 44, 8);
  put(out, 45, 2);
  put(out, 45, 2);
  put(out, 0, 8);
  put(out, end.count64.value_or(count), 8);
  put(out, end.count64.value_or(count), 8);
  put(out, size, 8);
  put(out, end.offset64.value_or(directory), 8);
  put(out, 0x07064b50, 4);
  put(out, 0, 4);
  put(out, end.record64.value_or(record), 8);
  put(out, 1, 4);
}

}  // namespace

void put(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

std::string deflated(const std::string& text) {
  z_stream stream{};
  ::deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string out(::deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  ::deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  ::deflateEnd(&stream);
  return out;
}

ZipRecord deflated_record(const std::string& name, const std::string& text) {
  ZipRecord record{.name = name, .data = deflated(text), .method = 8};
  record.crc = crc_of(text);
  record.size = static_cast<std::uint32_t>(text.size());
  return record;
}

std::string zip_of(const std::vector<ZipRecord>& records, const ZipEnd& end) {
  std::string out = end.before, directory;
  for (const ZipRecord& record : records) {
    put_entry(directory, record, out.size() - end.before.size());
    put_local(out, record);
  }
  const std::size_t offset = out.size() - end.before.size();
  out += directory;
  if (end.zip64) put_zip64(out, end, records.size(), offset, directory.size());
  const std::size_t count = end.count.value_or(static_cast<std::uint16_t>(records.size()));
  put(out, 0x06054b50, 4);
  put(out, end.disk, 2);
  put(out, end.disk, 2);
  put(out, count, 2);
  put(out, count, 2);
  put(out, end.directory_size.value_or(static_cast<std::uint32_t>(directory.size())), 4);
  put(out, end.directory_offset.value_or(static_cast<std::uint32_t>(offset)), 4);
  put(out, end.comment.size(), 2);
  return out + end.comment + end.after;
}

}  // namespace graft::test
