#include "graft/core/csv_write.h"

#include <gtest/gtest.h>

#include <limits>

#include "graft/core/csv.h"

namespace graft {
namespace {

using Fields = std::vector<std::string>;

TEST(CsvWrite, AFieldIsQuotedWhereItMustBe) {
  EXPECT_EQ(csv_line({"a", "b c", ""}), "a,b c,\n");
  EXPECT_EQ(csv_line({"a,b", "say \"x\"", "two\nlines", "\r"}),
            "\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\"\r\"\n");
}

TEST(CsvWrite, WhatIsWrittenIsReadBack) {
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

TEST(CsvWrite, NumbersAreTheShortestThatReadBack) {
  EXPECT_EQ(csv_number(0.1), "0.1");
  EXPECT_EQ(csv_number(1), "1");
  EXPECT_EQ(csv_number(std::numeric_limits<double>::quiet_NaN()), "nan");
  EXPECT_EQ(csv_number(std::numeric_limits<double>::infinity()), "inf");
}

}  // namespace
}  // namespace graft
