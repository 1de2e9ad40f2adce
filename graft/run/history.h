// metrics.jsonl: one line of metrics per epoch (docs/formats/run.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "graft/metrics/metric.h"

namespace graft {

// The metrics of one epoch. A loss that is not finite (divergence) is NaN, and null in the file.
struct EpochRecord {
  int epoch = 0;          // from 1; 0 for a probe
  double lr = 0;          // mean over the steps (0.1: of the first step); 0 for a probe
  double train_loss = 0;  // losses are means over the samples
  MetricValues train = {};
  double val_loss = 0;
  MetricValues val = {};  // the first one is the primary metric
  double seconds = 0;
  // Omitted from the line if empty. Files of earlier versions lack them.
  std::optional<double> train_seconds, val_seconds;
  std::optional<std::int64_t> images;  // training pictures of the epoch
  // The initial state that a probe gives to training (--head-start probe); not an epoch. Its training metrics
  // use the validation transform.
  bool probe = false;

  // By the primary metric of `val`. NaN, or no value, is worse than any number.
  bool is_better_than(const EpochRecord& other) const;
};

std::string to_json_line(const EpochRecord& record);  // without the newline
// The inverse. Throws nlohmann::json::exception.
EpochRecord epoch_record(const std::string& json_line);

// Appends one line and flushes it to the disk.
void append_history(const std::filesystem::path& path, const EpochRecord& record);
// The record's name in tables: "3", or "probe".
std::string epoch_cell(const EpochRecord& record);
// The record's name in sentences: "epoch 3", or "the probe".
std::string epoch_words(const EpochRecord& record);

// The number of epochs, without the probe.
int count_epochs(const std::vector<EpochRecord>& history);
const EpochRecord* find_probe(const std::vector<EpochRecord>& history);  // null for none

// Version 0.1 counted epochs from 0 and did not mark the probe. Converts such a history, whose first record
// is an epoch 0 that is not a probe, to the current convention; leaves any other unchanged.
void count_from_one(std::vector<EpochRecord>& history);

// The history after count_from_one. Throws Error, which names the line, if a line cannot be read. Ignores an
// invalid last line without a line end, which a killed program leaves.
std::vector<EpochRecord> read_history(const std::filesystem::path& path);

// The first record with the best primary metric, whose weights model.safetensors has. Null for none.
const EpochRecord* best_epoch(const std::vector<EpochRecord>& history);

}  // namespace graft
