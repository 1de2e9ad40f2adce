#include "graft/run/csv.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/support/error_of.h"

namespace graft {
namespace {

using Fields = std::vector<std::string>;

TEST(Csv, AFieldIsQuotedWhereItMustBe) {
  EXPECT_EQ(csv_line({"a", "b c", ""}), "a,b c,\n");
  EXPECT_EQ(csv_line({"a,b", "say \"x\"", "two\nlines", "\r"}),
            "\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\"\r\"\n");
}

TEST(Csv, WhatIsWrittenIsReadBack) {
  std::string every;
  for (int i = 0; i < 256; ++i) every += static_cast<char>(i);
  const Fields fields = {"plain", "", every, "\"", "\n", ","};
  const auto records = parse_csv(csv_line(fields) + csv_line({"last"}), "x.csv");
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].fields, fields);
  EXPECT_EQ(records[1].fields, Fields{"last"});
  EXPECT_EQ(records[1].line, 4);  // two fields of the first held line breaks
}

TEST(Csv, LinesMayEndAsOnWindowsAndTheLastMayNotEnd) {
  const auto records = parse_csv("a,b\r\n\r\n\"c\",d", "x.csv");
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].fields, (Fields{"a", "b"}));
  EXPECT_EQ(records[1].fields, (Fields{"c", "d"}));
  EXPECT_EQ(records[1].line, 3);
  EXPECT_TRUE(parse_csv("", "x.csv").empty());
}

TEST(Csv, ABrokenLineIsNamed) {
  const auto message = [](const char* text) { return test::error_of([&] { parse_csv(text, "x.csv"); }); };
  EXPECT_EQ(message("a\nb,\"c\nd\n"), "x.csv:2: has a quote that is never closed");
  EXPECT_EQ(message("a\nb\"c\n"), "x.csv:2: has a quote inside a field that is not quoted");
  EXPECT_EQ(message("\"a\"b\n"), "x.csv:1: has text after a closing quote");
}

TEST(Csv, NumbersAreTheShortestThatReadBack) {
  EXPECT_EQ(csv_number(0.1), "0.1");
  EXPECT_EQ(csv_number(1), "1");
  EXPECT_EQ(csv_number(std::numeric_limits<double>::quiet_NaN()), "nan");
  EXPECT_EQ(csv_number(std::numeric_limits<double>::infinity()), "inf");
}

}  // namespace
}  // namespace graft
