#include "graft/weights/zip.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"
#include "tests/weights/refusal.h"
#include "tests/weights/zip_bytes.h"

namespace graft {
namespace {

using test::deflated_record;
using test::error_of;
using test::Refusal;
using test::zip_of;
using test::ZipEnd;
using test::ZipRecord;
using testing::HasSubstr;

std::span<const std::uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string text_of(std::span<const std::uint8_t> bytes) { return {bytes.begin(), bytes.end()}; }

std::string unpacked(const ZipArchive& archive, const std::string& name) {
  std::string text;
  archive.unpack(*archive.find(name), [&](std::string_view piece) { text += piece; });
  return text;
}

TEST(ZipArchive, ReadsStoredAndDeflatedEntries) {
  const std::string long_text(200'000, 'x');
  const std::string bytes =
      zip_of({{.name = "b", .data = "stored"}, deflated_record("a/c", long_text), {.name = "d/"}});
  const ZipArchive archive(bytes_of(bytes), "z.zip");
  ASSERT_EQ(archive.entries().size(), 3U);
  EXPECT_EQ(archive.entries()[0].name, "b");  // the archive's order, not the alphabet's
  EXPECT_EQ(text_of(archive.stored(*archive.find("b"))), "stored");
  EXPECT_EQ(unpacked(archive, "b"), "stored");
  EXPECT_EQ(unpacked(archive, "a/c"), long_text);
  EXPECT_EQ(archive.find("a"), nullptr);
}

TEST(ZipArchive, ReadsCommentsZip64AndSizesThatFollowTheData) {
  ZipRecord late{.name = "late", .data = "data", .flags = 8};
  late.local_crc = 0;
  late.local_size = 0;
  const std::string bytes = zip_of({late}, {.comment = "PK\x05\x06 is no end", .zip64 = true});
  const ZipArchive archive(bytes_of(bytes), "z.zip");
  EXPECT_EQ(unpacked(archive, "late"), "data");
}

TEST(ZipArchive, ReadsAnEmptyArchive) {
  const std::string bytes = zip_of({});
  EXPECT_TRUE(ZipArchive(bytes_of(bytes), "z.zip").entries().empty());
}

TEST(ZipArchive, EscapesNamesInMessages) {
  const std::string bytes = zip_of({{.name = "a\x1b[31m", .data = "1", .flags = 1}});
  EXPECT_THAT(error_of([&] { ZipArchive(bytes_of(bytes), "z.zip"); }), HasSubstr("z.zip/a?[31m"));
}

std::string flat_zip64(const ZipEnd& end) { return zip_of({{.name = "a", .data = "1"}}, end); }

std::vector<Refusal> lies() {
  const ZipRecord a{.name = "a", .data = "0123456789"};
  const auto with = [&a](auto change) {
    ZipRecord record = a;
    change(record);
    return zip_of({record});
  };
  return {
      {"Nothing", "", "not a zip archive"},
      {"NoEnd", zip_of({a}).substr(0, 60), "not a zip archive"},
      {"BytesAfter", zip_of({a}, {.after = "x"}), "not a zip archive"},
      {"BytesBefore", zip_of({a}, {.before = "junk"}), "not at its stated offset"},
      {"SplitArchive", zip_of({a}, {.disk = 1}), "split archive"},
      {"FewerEntriesThanThere", zip_of({a, {.name = "b"}}, {.count = 1}), "more entries than it declares"},
      {"MoreEntriesThanThere", zip_of({a}, {.count = 2}), "declares more entries"},
      {"DirectoryPastEnd", zip_of({a}, {.directory_offset = 1'000'000}), "not at its stated offset"},
      {"DirectoryTooLarge", zip_of({a}, {.directory_size = 0xFFFFFFF0}), "not at its stated offset"},
      {"TwoOfOneName", zip_of({a, a}), "two entries named \"a\""},
      {"HeaderPastEnd", with([](ZipRecord& r) { r.offset = 5000; }), "begins outside"},
      {"HeaderElsewhere", with([](ZipRecord& r) { r.offset = 3; }), "no header at its offset"},
      {"DataPastDirectory", with([](ZipRecord& r) { r.packed_size = 5000, r.size = 5000; }), "cut short"},
      {"StoredOfAnotherSize", with([](ZipRecord& r) { r.size = 2'000'000'000; }), "cannot hold"},
      {"TwoGigabytesInAFewBytes", with([](ZipRecord& r) { r.method = 8, r.size = 2'000'000'000; }),
       "declares 2000000000 bytes"},
      {"AnotherLocalName", with([](ZipRecord& r) { r.local_name = "b"; }), "contradicts"},
      {"AnotherLocalSize", with([](ZipRecord& r) { r.local_size = 5; }), "contradicts"},
      {"AnotherLocalChecksum", with([](ZipRecord& r) { r.local_crc = 5; }), "contradicts"},
      {"AnotherLocalMethod", with([](ZipRecord& r) { r.local_method = 8; }), "contradicts"},
      {"Encrypted", with([](ZipRecord& r) { r.flags = 1; }), "encrypted"},
      {"UnknownMethod", with([](ZipRecord& r) { r.method = 12; }), "packed by method 12"},
      {"EmptyName", with([](ZipRecord& r) { r.name = ""; }), "proper name"},
      {"NulInName", with([](ZipRecord& r) { r.name = std::string("a\0b", 3); }), "proper name"},
      {"ExtraPastItsEnd", with([](ZipRecord& r) { r.extra = std::string("\x01\x00\xFF\x00", 4); }),
       "cut short"},
      {"Zip64SizeMissing",
       with([](ZipRecord& r) { r.extra = std::string("\x01\x00\x00\x00", 4), r.size = 0xFFFFFFFF; }),
       "cut short"},
      {"Zip64SizeOf2To63", with([](ZipRecord& r) {
         r.size = 0xFFFFFFFF;
         r.packed_size = 0xFFFFFFFF;
         r.extra = std::string("\x01\x00\x10\x00", 4);
         test::put(r.extra, 1ULL << 63, 8);
         test::put(r.extra, 1ULL << 63, 8);
       }),
       "cut short"},
      {"Zip64RecordOutside", flat_zip64({.zip64 = true, .record64 = 1ULL << 63}), "out of bounds"},
      {"Zip64RecordElsewhere", flat_zip64({.zip64 = true, .record64 = 1}), "no zip64 record"},
      {"Zip64AnotherCount", flat_zip64({.zip64 = true, .count64 = 1ULL << 60}), "contradict each other"},
      {"Zip64DirectoryOutside",
       flat_zip64({.directory_offset = 0xFFFFFFFF, .zip64 = true, .offset64 = 1ULL << 62}),
       "not at its stated offset"},
      {"Zip64AbsurdCount", flat_zip64({.count = 0xFFFF, .zip64 = true, .count64 = 1ULL << 60}),
       "declares more entries"},
  };
}

class ZipLie : public testing::TestWithParam<Refusal> {};

TEST_P(ZipLie, IsRefused) {
  const std::string message = error_of([&] { ZipArchive(bytes_of(GetParam().bytes), "z.zip"); });
  EXPECT_THAT(message, testing::ContainsRegex(GetParam().problem));
  EXPECT_THAT(message, HasSubstr("z.zip"));
}

INSTANTIATE_TEST_SUITE_P(Weights, ZipLie, testing::ValuesIn(lies()),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(ZipArchive, RefusesEntriesThatShareBytes) {
  // b's local header is inside a's data; each matches its own directory entry.
  const std::string inner = zip_of({{.name = "b", .data = "xy"}}).substr(0, 33);
  std::string bytes = zip_of({{.name = "a", .data = inner}, {.name = "b", .data = "xy", .offset = 31}});
  EXPECT_THAT(error_of([&] { ZipArchive(bytes_of(bytes), "z.zip"); }), HasSubstr("overlap"));
}

std::string unpack_error(const ZipRecord& record) {
  const std::string bytes = zip_of({record});
  const ZipArchive archive(bytes_of(bytes), "z.zip");
  return error_of([&] { unpacked(archive, record.name); });
}

TEST(ZipArchive, UnpackingChecksSizeAndChecksum) {
  const std::string text(100'000, 'y');
  ZipRecord record = deflated_record("a", text);
  EXPECT_EQ(unpack_error(record), "");
  record.size = 99'999;
  EXPECT_THAT(unpack_error(record), HasSubstr("z.zip/a: holds more bytes than it declares"));
  record.size = 100'001;
  EXPECT_THAT(unpack_error(record), HasSubstr("holds fewer bytes"));
  record.size = 100'000;
  record.crc = 1;
  EXPECT_THAT(unpack_error(record), HasSubstr("checksum"));
  record = deflated_record("a", text);
  record.data += "tail";
  EXPECT_THAT(unpack_error(record), HasSubstr("bytes follow"));
  record = deflated_record("a", text);
  record.data.resize(record.data.size() - 10);
  EXPECT_THAT(unpack_error(record), HasSubstr("compressed data is invalid"));
  record.data[0] = '\xFF';
  EXPECT_THAT(unpack_error(record), HasSubstr("compressed data is invalid"));
}

TEST(ZipArchive, StoredRefusesDamageAndCompression) {
  ZipRecord damaged{.name = "a", .data = "0123"};
  damaged.crc = 5;
  ZipRecord unsummed{.name = "c", .data = "0123"};
  unsummed.crc = 0;
  const std::string bytes = zip_of({damaged, deflated_record("b", "text"), unsummed});
  const ZipArchive archive(bytes_of(bytes), "z.zip");
  EXPECT_THAT(error_of([&] { archive.stored(*archive.find("a")); }), HasSubstr("checksum"));
  EXPECT_THAT(error_of([&] { archive.stored(*archive.find("b")); }), HasSubstr("compressed"));
  EXPECT_EQ(text_of(archive.stored(*archive.find("c"))), "0123");
}

std::string written(std::uint64_t zip64_from) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "w.zip";
  {
    const auto file = disk().create(path);
    ZipWriter writer(*file, zip64_from);
    writer.add("first", bytes_of("1"));
    writer.add("folder/second", bytes_of(std::string(1000, '2')));
    writer.add("empty", {});
    writer.finish();
    file->close();
  }
  const auto bytes = disk().read(path, 1 << 20);
  return {bytes.begin(), bytes.end()};
}

TEST(ZipWriter, WritesWhatTheReaderReadsAtMultiplesOf64) {
  for (const std::uint64_t zip64_from : {std::uint64_t{0xFFFF'FFFF}, std::uint64_t{500}}) {
    const std::string bytes = written(zip64_from);
    const ZipArchive archive(bytes_of(bytes), "w.zip");
    ASSERT_EQ(archive.entries().size(), 3U);
    EXPECT_EQ(text_of(archive.stored(archive.entries()[0])), "1");
    EXPECT_EQ(text_of(archive.stored(archive.entries()[1])), std::string(1000, '2'));
    for (const ZipEntry& entry : archive.entries()) {
      EXPECT_EQ((reinterpret_cast<const char*>(entry.packed.data()) - bytes.data()) % 64, 0) << entry.name;
    }
  }
  EXPECT_NE(written(0xFFFF'FFFF), written(500));  // the second has zip64 fields and records
}

TEST(ZipWriter, WritesMoreThan65535Entries) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "w.zip";
  const auto file = disk().create(path);
  ZipWriter writer(*file);
  for (int i = 0; i < 65'536; ++i) writer.add(std::to_string(i), {});
  writer.finish();
  file->close();
  const auto bytes = disk().read(path, 1 << 28);
  EXPECT_EQ(ZipArchive(bytes, "w.zip").entries().size(), 65'536U);
}

}  // namespace
}  // namespace graft
