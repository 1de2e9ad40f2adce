#include "graft/core/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>
#include <random>

#include "graft/core/error.h"
#include "tests/support/error_of.h"

namespace graft {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using Record = std::vector<std::string>;

std::vector<Record> records_of(const std::string& text) {
  CsvReader reader(text, "t.csv");
  std::vector<Record> records;
  for (Record fields; reader.next(fields);) records.push_back(fields);
  return records;
}

std::string message_of(const std::string& text) {
  return test::error_of([&] { records_of(text); });
}

TEST(Csv, FieldsAreBetweenCommasAndRecordsBetweenLineEnds) {
  EXPECT_THAT(records_of("a,b\nc,d\n"), ElementsAre(Record{"a", "b"}, Record{"c", "d"}));
  EXPECT_THAT(records_of("a,b\r\nc,d"), ElementsAre(Record{"a", "b"}, Record{"c", "d"}));
  EXPECT_THAT(records_of("a\rb"), ElementsAre(Record{"a"}, Record{"b"}));
  EXPECT_THAT(records_of(",\n x ,"), ElementsAre(Record{"", ""}, Record{" x ", ""}));
}

TEST(Csv, QuotesHoldCommasLineEndsAndDoubledQuotes) {
  EXPECT_THAT(records_of("\"a,b\",\"c\r\nd\"\n\"say \"\"hi\"\"\",\"\"\n"),
              ElementsAre(Record{"a,b", "c\r\nd"}, Record{"say \"hi\"", ""}));
}

TEST(Csv, AByteOrderMarkAndBlankLinesAreSkipped) {
  EXPECT_THAT(records_of("\xEF\xBB\xBF\"a\",b\n\n\r\nc,d\n\n"),
              ElementsAre(Record{"a", "b"}, Record{"c", "d"}));
  EXPECT_THAT(records_of(""), ElementsAre());
  EXPECT_THAT(records_of("\xEF\xBB\xBF"), ElementsAre());
  EXPECT_THAT(records_of("\r\n\r\n"), ElementsAre());
}

TEST(Csv, LineIsTheStartOfTheRecord) {
  const std::string text = "a\r\n\r\n\"b\nb\r\nb\"\rc";
  CsvReader reader(text, "t.csv");
  Record fields;
  std::vector<std::size_t> lines;
  while (reader.next(fields)) lines.push_back(reader.line());
  EXPECT_THAT(lines, ElementsAre(1, 3, 6));
}

TEST(Csv, AnErrorNamesFileAndLine) {
  EXPECT_THAT(message_of("a,b\nc,\"d\ne,f\n"), HasSubstr("t.csv:2: opens a quote that is never closed; "));
  EXPECT_THAT(message_of("\""), HasSubstr("t.csv:1: opens a quote"));
  EXPECT_THAT(message_of("a\nb\"c\n"), HasSubstr("t.csv:2: has a quote in the middle of a field; "));
  EXPECT_THAT(message_of("\"a\"b\n"), HasSubstr("t.csv:1: continues after a closing quote; "));
  EXPECT_THAT(message_of("a\n\0b\n"s), HasSubstr("t.csv:2: holds a NUL byte; "));
  EXPECT_THAT(message_of("\xFF\xFE\x70"), HasSubstr("t.csv: is UTF-16, not UTF-8; "));
  for (const char* start : {"PK\x03\x04\x14", "\xD0\xCF\x11\xE0\xA1"})
    EXPECT_THAT(message_of(start), HasSubstr("t.csv: is a spreadsheet or an archive"));
}

TEST(Csv, OtherTextIsRefusedEarly) {
  EXPECT_THAT(message_of("a\n" + std::string(10'000'000, 'x')), HasSubstr("t.csv:2: has a field of more"));
  EXPECT_THAT(message_of("a\n\"" + std::string(10'000'000, '\n')), HasSubstr("t.csv:2: has a field of more"));
  EXPECT_THAT(message_of(std::string(10'000'000, ',')), HasSubstr("t.csv:1: has more than 1000 fields"));
  EXPECT_EQ(records_of(std::string(CsvReader::max_field_bytes, 'x')).size(), 1U);
}

// Every record ends, whatever the bytes: an Error or the end of the text.
TEST(Csv, AnyBytesAreReadOrRefused) {
  std::mt19937 random(1);
  const std::string bytes = "a,\"\r\n\0\xEF\xBB"s;
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (std::size_t length = random() % 12; length > 0; --length) text += bytes[random() % bytes.size()];
    test::error_of([&] { EXPECT_LE(records_of(text).size(), text.size()); });
  }
}

using Fields = std::vector<std::string>;

TEST(CsvWrite, QuotesFieldsOnlyIfNecessary) {
  EXPECT_EQ(csv_line({"a", "b c", ""}), "a,b c,\n");
  EXPECT_EQ(csv_line({"a,b", "say \"x\"", "two\nlines", "\r"}),
            "\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\"\r\"\n");
}

TEST(CsvWrite, ReadsBackWhatItWrites) {
  std::string every;
  for (int i = 1; i < 256; ++i) every += static_cast<char>(i);
  const Fields fields = {"plain", "", every, "\"", "\n", ","};
  const std::string text = csv_line(fields) + csv_line({"last"});
  CsvReader reader(text, "x.csv");
  Fields read;
  ASSERT_TRUE(reader.next(read));
  EXPECT_EQ(read, fields);
  ASSERT_TRUE(reader.next(read));
  EXPECT_EQ(read, Fields{"last"});
  EXPECT_FALSE(reader.next(read));
}

TEST(CsvWrite, NumbersAreTheShortestThatRoundTrip) {
  EXPECT_EQ(csv_number(0.1), "0.1");
  EXPECT_EQ(csv_number(1), "1");
  EXPECT_EQ(csv_number(std::numeric_limits<double>::quiet_NaN()), "nan");
  EXPECT_EQ(csv_number(std::numeric_limits<double>::infinity()), "inf");
}

}  // namespace
}  // namespace graft
