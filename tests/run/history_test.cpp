#include "graft/run/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace graft {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(History, ALineHasTheFieldsInTheOrderOfTheFormat) {
  EXPECT_EQ(
      to_json_line({3, 0.001, 0.5, {{"acc", 0.75}}, 0.25, {{"acc", 1}}, 2.5}),
      R"({"epoch":3,"lr":0.001,"train_loss":0.5,"train_acc":0.75,"val_loss":0.25,"val_acc":1.0,"seconds":2.5})");
}

TEST(History, OptionalFieldsAreInTheLine) {
  EXPECT_EQ(
      to_json_line({3, 0.001, 0.5, {{"acc", 0.75}}, 0.25, {{"acc", 1}, {"top5", 0.5}}, 2.5, 1.5, 1, 244}),
      R"({"epoch":3,"lr":0.001,"train_loss":0.5,"train_acc":0.75,"val_loss":0.25,"val_acc":1.0,"val_top5":0.5,)"
      R"("seconds":2.5,"train_seconds":1.5,"val_seconds":1.0,"images":244})");
  EXPECT_EQ(
      to_json_line({1, 0.5, 1, {{"mae", 2}}, 3, {{"rmse", 4}, {"r2", std::nan("")}}, 5}),
      R"({"epoch":1,"lr":0.5,"train_loss":1.0,"train_mae":2.0,"val_loss":3.0,"val_rmse":4.0,"val_r2":null,)"
      R"("seconds":5.0})");
}

TEST(History, ReadsBackWhatItAppends) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "metrics.jsonl";
  append_history(path, {1, 0.001, 0.7, {{"acc", 0.5}}, 0.6, {{"acc", 0.625}}, 1});
  append_history(path, {2, 0.0001, 0.1, {{"acc", 0.9}}, 0.2, {{"acc", 0.875}}, 2});
  const auto records = read_history(path);
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].val, (MetricValues{{"acc", 0.625}}));
  EXPECT_EQ(records[0].train, (MetricValues{{"acc", 0.5}}));
  EXPECT_EQ(records[1].epoch, 2);
  EXPECT_EQ(records[1].lr, 0.0001);
}

TEST(History, MissingFieldsOfALineAreEmpty) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "metrics.jsonl";
  append_history(path, {1, 0.001, 0.7, {{"acc", 0.5}}, 0.6, {{"acc", 0.625}}, 1});
  append_history(path, {2, 0.001, 0.7, {{"acc", 0.5}}, 0.6, {{"acc", 0.625}, {"top5", 0.875}}, 3, 2, 1, 200});
  const auto records = read_history(path);
  EXPECT_FALSE(records[0].train_seconds || records[0].val_seconds || records[0].images);
  EXPECT_EQ(value_of(records[0].val, "top5"), nullptr);
  EXPECT_EQ(records[1].val, (MetricValues{{"acc", 0.625}, {"top5", 0.875}}));
  EXPECT_EQ(records[1].train_seconds, 2);
  EXPECT_EQ(records[1].val_seconds, 1);
  EXPECT_EQ(records[1].images, 200);
}

TEST(History, NotFiniteLossesAreReadBackAsNan) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "metrics.jsonl";
  append_history(
      path,
      {1, 0.001, std::nan(""), {{"acc", 0.5}}, std::numeric_limits<double>::infinity(), {{"acc", 0.5}}, 1});
  const auto records = read_history(path);
  EXPECT_TRUE(std::isnan(records[0].train_loss));
  EXPECT_TRUE(std::isnan(records[0].val_loss));
}

// 0.1 wrote the validation metrics at the end of the line, after those of both phases.
TEST(History, ThePrimaryMetricIsFirstInAnyOrderOfTheLine) {
  const EpochRecord record = epoch_record(
      R"({"epoch":1,"lr":1,"train_loss":1,"train_acc":0.25,"val_loss":1,"val_acc":0.5,"seconds":1,"val_map":0.75})");
  EXPECT_EQ(record.val, (MetricValues{{"map", 0.75}, {"acc", 0.5}}));
  EXPECT_EQ(record.train, (MetricValues{{"acc", 0.25}}));
  const EpochRecord numbers = epoch_record(
      R"({"epoch":1,"lr":1,"train_loss":1,"val_loss":1,"val_r2":null,"val_mae":2,"val_rmse":3,"val_other":4,"seconds":1})");
  ASSERT_EQ(metric_keys({numbers.val}), (std::vector<std::string>{"rmse", "mae", "r2"}));
  EXPECT_TRUE(std::isnan(numbers.val[2].value));
}

std::vector<EpochRecord> epochs(const char* metric, const std::vector<double>& values) {
  std::vector<EpochRecord> history;
  for (const double value : values) {
    EpochRecord record;
    record.epoch = static_cast<int>(history.size()) + 1;
    record.val = {{metric, value}};
    history.push_back(record);
  }
  return history;
}

TEST(History, TheBestEpochIsTheFirstWithTheBestPrimaryMetric) {
  EXPECT_EQ(best_epoch({}), nullptr);
  EXPECT_EQ(best_epoch(epochs("acc", {0.5, 0.75, 0.75, 0.625}))->epoch, 2);
  EXPECT_EQ(best_epoch(epochs("rmse", {2, 0.5, 0.5, 1}))->epoch, 2);
  EXPECT_EQ(best_epoch(epochs("rmse", {std::nan(""), 3, std::nan(""), 2}))->epoch, 4);
  EXPECT_EQ(best_epoch(epochs("acc", {std::nan(""), std::nan("")}))->epoch, 1);
  std::vector<EpochRecord> history = epochs("rmse", {2, 1});
  history[1].val.clear();
  EXPECT_EQ(best_epoch(history)->epoch, 1);
}

EpochRecord probe_record() {
  EpochRecord probe{0, 0, 0.5, {{"acc", 0.75}}, 0.25, {{"acc", 1}, {"top5", 1.0}}, 2.5};
  probe.probe = true;
  return probe;
}

TEST(History, AProbeIsMarkedAndHasNoLearningRate) {
  const std::string line = to_json_line(probe_record());
  EXPECT_EQ(
      line,
      R"({"epoch":0,"probe":true,"lr":null,"train_loss":0.5,"train_acc":0.75,"val_loss":0.25,"val_acc":1.0,)"
      R"("val_top5":1.0,"seconds":2.5})");
  EXPECT_TRUE(epoch_record(line).probe);
  EXPECT_EQ(epoch_record(line).lr, 0);
  const std::vector<EpochRecord> history = {probe_record(), {1}, {2}};
  EXPECT_EQ(count_epochs(history), 2);
  EXPECT_EQ(find_probe(history), &history[0]);
  EXPECT_EQ(find_probe({{1}}), nullptr);
  EXPECT_EQ(epoch_cell(history[0]) + ", " + epoch_cell(history[2]), "probe, 2");
  EXPECT_EQ(epoch_words(history[0]) + ", " + epoch_words(history[2]), "the probe, epoch 2");
}

// The numbers of the records, "probe" for a probe.
std::vector<std::string> numbers(const std::vector<EpochRecord>& history) {
  std::vector<std::string> names;
  for (const EpochRecord& record : history) names.push_back(epoch_cell(record));
  return names;
}

TEST(History, OfVersion01IsConvertedToCountFromOne) {
  using ::testing::ElementsAre;
  EXPECT_THAT(numbers(read_history(test::golden("run_0_1/plain/metrics.jsonl"))), ElementsAre("1", "2", "3"));
  EXPECT_THAT(numbers(read_history(test::golden("run_0_1/probe/metrics.jsonl"))),
              ElementsAre("probe", "1", "2", "3"));
  // A history of a later version is unchanged.
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "metrics.jsonl";
  append_history(path, probe_record());
  append_history(path, {1});
  EXPECT_THAT(numbers(read_history(path)), ElementsAre("probe", "1"));
  replace_file(path, to_json_line({1}) + "\n" + to_json_line({2}) + "\n");
  EXPECT_THAT(numbers(read_history(path)), ElementsAre("1", "2"));
}

TEST(History, TheLargestNumberOfAHistoryThatCountsFromZeroDoesNotOverflow) {
  std::vector<EpochRecord> history = {{0, 0.1}, {std::numeric_limits<int>::max()}};
  count_from_one(history);
  EXPECT_EQ(history[0].epoch, 1);
  EXPECT_EQ(history[1].epoch, std::numeric_limits<int>::max());
}

TEST(History, AnEpochBeyondAnIntIsRefused) {
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

TEST(History, AnIncompleteLastLineIsIgnored) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "metrics.jsonl";
  append_history(path, {1, 0.1, 1, {{"acc", 0.5}}, 1, {{"acc", 0.5}}, 2});
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

TEST(History, ARunThatKeepsItsLastEpochHasTheLastAsItsBest) {
  std::vector<EpochRecord> history;
  for (int epoch = 1; epoch <= 3; ++epoch) {
    EpochRecord record;
    record.epoch = epoch;
    record.replaces = true;
    record.val = {{"acc", 1.0 / epoch}};
    history.push_back(epoch_record(to_json_line(record)));
  }
  EXPECT_EQ(best_epoch(history)->epoch, 3);
  for (EpochRecord& record : history) record.val.clear();  // without validation pictures
  EXPECT_EQ(best_epoch(history)->epoch, 3);
  EXPECT_FALSE(history[0].validates());
}

}  // namespace
}  // namespace graft
