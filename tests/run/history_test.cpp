#include "graft/run/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(History, ALineHasTheFieldsInTheOrderOfTheFormat) {
  EXPECT_EQ(
      to_json_line({3, 0.001, 0.5, 0.75, 0.25, 1, 2.5}),
      R"({"epoch":3,"lr":0.001,"train_loss":0.5,"train_acc":0.75,"val_loss":0.25,"val_acc":1.0,"seconds":2.5})");
}

TEST(History, WhatARunRecordsBesidesComesAtTheEndOfTheLine) {
  EXPECT_EQ(
      to_json_line({3, 0.001, 0.5, 0.75, 0.25, 1, 2.5, 0.5, 1.5, 1, 244}),
      R"({"epoch":3,"lr":0.001,"train_loss":0.5,"train_acc":0.75,"val_loss":0.25,"val_acc":1.0,"seconds":2.5,)"
      R"("val_top5":0.5,"train_seconds":1.5,"val_seconds":1.0,"images":244})");
}

TEST(History, WhatIsAppendedIsReadBack) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "metrics.jsonl";
  append_history(path, {0, 0.001, 0.7, 0.5, 0.6, 0.625, 1});
  append_history(path, {1, 0.0001, 0.1, 0.9, 0.2, 0.875, 2});
  const auto records = read_history(path);
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].val_acc, 0.625);
  EXPECT_EQ(records[1].epoch, 1);
  EXPECT_EQ(records[1].lr, 0.0001);
}

TEST(History, FieldsThatALineLacksAreEmptyAndOthersAreNot) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "metrics.jsonl";
  append_history(path, {0, 0.001, 0.7, 0.5, 0.6, 0.625, 1});
  append_history(path, {1, 0.001, 0.7, 0.5, 0.6, 0.625, 3, 0.875, 2, 1, 200});
  const auto records = read_history(path);
  EXPECT_FALSE(records[0].val_top5 || records[0].train_seconds || records[0].val_seconds ||
               records[0].images);
  EXPECT_EQ(records[1].val_top5, 0.875);
  EXPECT_EQ(records[1].train_seconds, 2);
  EXPECT_EQ(records[1].val_seconds, 1);
  EXPECT_EQ(records[1].images, 200);
}

TEST(History, ALossThatIsNoNumberIsReadBackAsOne) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "metrics.jsonl";
  append_history(path, {0, 0.001, std::nan(""), 0.5, std::numeric_limits<double>::infinity(), 0.5, 1});
  const auto records = read_history(path);
  EXPECT_TRUE(std::isnan(records[0].train_loss));
  EXPECT_TRUE(std::isnan(records[0].val_loss));
}

TEST(History, TheBestEpochIsTheFirstOfTheHighestAccuracy) {
  EXPECT_EQ(best_epoch({}), nullptr);
  const std::vector<EpochRecord> history = {
      {0, 0, 0, 0, 0, 0.5}, {1, 0, 0, 0, 0, 0.75}, {2, 0, 0, 0, 0, 0.75}, {3, 0, 0, 0, 0, 0.625}};
  EXPECT_EQ(best_epoch(history)->epoch, 1);
}

TEST(History, AnEpochThatNoIntHoldsIsRefused) {
  const test::TemporaryFolder folder;
  std::string line = to_json_line(EpochRecord{});
  line.replace(line.find("0"), 1, "1e44");
  const auto path = folder.write("history.jsonl", line + "\n");
  EXPECT_THAT([&] { read_history(path); },
              ThrowsMessage<Error>(HasSubstr("history.jsonl:1: is not a record")));
}

TEST(History, ABrokenLineIsNamedByNumber) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "metrics.jsonl";
  append_history(path, {});
  for (const char* line : {"{\"epoch\": 1}", "half a li", "{\"epoch\":\"x\"}"}) {
    replace_file(path, to_json_line({}) + "\n" + line + "\n");
    EXPECT_THAT([&] { read_history(path); }, ThrowsMessage<Error>(HasSubstr("metrics.jsonl:2: ")));
  }
}

TEST(History, ALineNestedTooDeepIsRefusedBeforeItIsParsed) {
  const test::TemporaryFolder folder;
  const auto path = folder.write("history.jsonl", std::string(1 << 20, '[') + "\n");
  EXPECT_THAT([&] { read_history(path); },
              ThrowsMessage<Error>(
                  HasSubstr("history.jsonl:1: is not a record of an epoch: the line: is nested too")));
}

TEST(History, ALineThatWasCutShortAtTheEndIsPassedOver) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "metrics.jsonl";
  append_history(path, {0, 0.1, 1, 0.5, 1, 0.5, 2});
  const std::string whole = read_text(path);
  for (std::size_t length = 1; length + 1 < whole.size(); ++length) {
    replace_file(path, whole + whole.substr(0, length));
    EXPECT_EQ(read_history(path).size(), 1U) << length;
    replace_file(path, whole + whole.substr(0, length) + "\n");
    EXPECT_THROW(read_history(path), Error) << length;
  }
  replace_file(path, whole + whole.substr(0, whole.size() - 1));
  EXPECT_EQ(read_history(path).size(), 2U);
}

}  // namespace
}  // namespace graft
