// metrics.jsonl: one line of metrics an epoch (docs/formats/run.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "graft/metrics/metric.h"

namespace graft {

// The metrics of one epoch. A loss that is not finite (a training that diverged) is NaN, and null in the
// file.
struct EpochRecord {
  int epoch = 0;          // from 1; 0 for a probe
  double lr = 0;          // mean over the steps; 0.1 wrote that of the first step. Of a probe 0: it has none
  double train_loss = 0;  // losses are means over the samples
  MetricValues train = {};
  double val_loss = 0;
  MetricValues val = {};  // the first one is what epochs are compared by
  double seconds = 0;
  // Left out of the line where they are empty: files of earlier versions have none of them.
  std::optional<double> train_seconds, val_seconds;
  std::optional<std::int64_t> images;  // training pictures of the epoch
  // The start that a probe gives to a training (--head-start probe), and no epoch of it. Its metrics on the
  // training pictures are those of the validation transform.
  bool probe = false;

  // By the primary metric of `val`. A value that is NaN, or none, is better than nothing.
  bool is_better_than(const EpochRecord& other) const;
};

std::string to_json_line(const EpochRecord& record);  // without the newline
// The inverse. Throws nlohmann::json::exception.
EpochRecord epoch_record(const std::string& json_line);

// Appends one line and flushes it to the disk.
void append_history(const std::filesystem::path& path, const EpochRecord& record);
// How tables name a record: "3", or "probe".
std::string epoch_cell(const EpochRecord& record);
// How sentences name it: "epoch 3", or "the probe".
std::string epoch_words(const EpochRecord& record);

// How many of them are epochs: all but the probe.
int count_epochs(const std::vector<EpochRecord>& history);
const EpochRecord* find_probe(const std::vector<EpochRecord>& history);  // null for none

// Version 0.1 counted epochs from 0 and did not mark the probe. Such a history, whose first record is an
// epoch 0 that is no probe, is brought to today's convention; any other stays as it is.
void count_from_one(std::vector<EpochRecord>& history);

// As count_from_one leaves it. Throws Error naming the line that cannot be read. A last line without its end,
// which a program that was killed leaves, is passed over where it is no record.
std::vector<EpochRecord> read_history(const std::filesystem::path& path);

// The first of those with the best primary metric: what model.safetensors holds. Null for none.
const EpochRecord* best_epoch(const std::vector<EpochRecord>& history);

}  // namespace graft
