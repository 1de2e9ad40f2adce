#include "graft/run/event_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <map>
#include <vector>

#include "graft/core/hash.h"
#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

using ::testing::HasSubstr;

std::uint64_t fixed_at(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) {
    value |= std::uint64_t{static_cast<unsigned char>(bytes.at(at + i))} << (8 * i);
  }
  return value;
}

// The bytes of each record, after verifying its checksums.
std::vector<std::string> records_of(const std::string& file) {
  std::vector<std::string> records;
  for (std::size_t at = 0; at < file.size();) {
    const auto size = static_cast<std::size_t>(fixed_at(file, at, 8));
    EXPECT_EQ(fixed_at(file, at + 8, 4), masked_crc32c(file.substr(at, 8)));
    records.push_back(file.substr(at + 12, size));
    EXPECT_EQ(fixed_at(file, at + 12 + size, 4), masked_crc32c(records.back()));
    at += 16 + size;
  }
  return records;
}

// A message's fields by number: the raw bytes of fixed and length-delimited fields, eight bytes for a varint.
using Message = std::map<std::uint64_t, std::string>;

std::uint64_t take_varint(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (int shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.at(0));
    bytes.remove_prefix(1);
    value |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) return value;
  }
}

Message message(std::string_view bytes) {
  Message fields;
  while (!bytes.empty()) {
    const std::uint64_t key = take_varint(bytes);
    std::size_t size = (key & 7) == 1 ? 8 : 4;
    if ((key & 7) == 0) {
      fields[key >> 3] = std::to_string(take_varint(bytes));
      continue;
    }
    if ((key & 7) == 2) size = static_cast<std::size_t>(take_varint(bytes));
    fields[key >> 3] = std::string(bytes.substr(0, size));
    EXPECT_LE(size, bytes.size());
    bytes.remove_prefix(size);
  }
  return fields;
}

// The only value of an event's Summary.
Message value_of_event(const std::string& event) { return message(message(message(event).at(5)).at(1)); }

float float_of(const std::string& bytes) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(fixed_at(bytes, 0, 4)));
}

std::vector<std::string> written(const std::function<void(EventFile&)>& fill) {
  const test::TemporaryFolder folder;
  EventFile events(folder.path() / "events");
  fill(events);
  events.close();
  return records_of(read_text(folder.path() / "events"));
}

TEST(EventFile, BeginsWithItsVersionAndTheTime) {
  const auto records = written([](EventFile&) {});
  ASSERT_EQ(records.size(), 1U);
  const Message event = message(records[0]);
  EXPECT_EQ(event.at(3), "brain.Event:2");
  EXPECT_GT(std::bit_cast<double>(fixed_at(event.at(1), 0, 8)), 1.7e9);
}

TEST(EventFile, HoldsScalars) {
  const auto records = written([](EventFile& events) {
    events.scalar("loss/train", 0, 0.75);
    events.scalar("loss/train", 300, std::nan(""));
  });
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(value_of_event(records[1]).at(1), "loss/train");
  EXPECT_EQ(float_of(value_of_event(records[1]).at(2)), 0.75F);
  EXPECT_EQ(message(records[1]).count(2), 0U);  // step 0 is the default
  EXPECT_EQ(message(records[2]).at(2), "300");
  EXPECT_TRUE(std::isnan(float_of(value_of_event(records[2]).at(2))));
}

TEST(EventFile, HoldsPictures) {
  const std::string png = std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\2\0\0\0\3", 24) + "rest";
  const auto records = written([&](EventFile& events) { events.image("batch", 7, png); });
  const Message image = message(value_of_event(records.at(1)).at(4));
  EXPECT_EQ(image.at(1), "3");
  EXPECT_EQ(image.at(2), "258");
  EXPECT_EQ(image.at(3), "3");
  EXPECT_EQ(image.at(4), png);
  EXPECT_THAT(test::error_of([] { written([](EventFile& events) { events.image("batch", 0, "GIF89a"); }); }),
              HasSubstr("batch: is not a PNG"));
}

TEST(EventFile, AnEpochIsACurvePointForEachMetric) {
  const auto tags = [](const EpochRecord& record) {
    std::vector<std::string> names;
    const auto records = written([&](EventFile& events) { events.epoch(record); });
    for (std::size_t i = 1; i < records.size(); ++i) names.push_back(value_of_event(records[i]).at(1));
    return names;
  };
  EXPECT_THAT(tags({}), ::testing::ElementsAre("loss/train", "lr")) << "without validation pictures";
  EXPECT_THAT(tags({1, 0, 0, {{"acc", 0}}, 0, {{"acc", 0}, {"top5", 1}}, 3, 2, 1, 10}),
              ::testing::ElementsAre("loss/train", "loss/val", "accuracy/train", "accuracy/val",
                                     "accuracy_top5/val", "speed/images_per_second", "lr"));
  EXPECT_THAT(
      tags({1, 0, 0, {{"mae", 0}}, 0, {{"rmse", 0}, {"mae", 0}, {"r2", 0}}}),
      ::testing::ElementsAre("loss/train", "loss/val", "mae/train", "rmse/val", "mae/val", "r2/val", "lr"));
}

TEST(EventFile, AProbeBeginsNoCurve) {
  EpochRecord probe{0, 0, 0, {{"acc", 0}}, 0, {{"acc", 0}}};
  probe.probe = true;
  const auto records = written([&](EventFile& events) { events.epoch(probe); });
  ASSERT_EQ(records.size(), 5U);
  for (std::size_t i = 1; i < records.size(); ++i)
    EXPECT_THAT(value_of_event(records[i]).at(1), ::testing::StartsWith("probe/"));
}

TEST(EventFile, ItsNameIsOneThatTensorBoardLooksFor) {
  EXPECT_TRUE(is_event_file_name(event_file_name()));
  EXPECT_EQ(event_file_name().find('/'), std::string::npos);
  EXPECT_FALSE(is_event_file_name("events.txt"));
  EXPECT_FALSE(is_event_file_name(""));
}

}  // namespace
}  // namespace graft
