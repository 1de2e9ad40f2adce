// metrics.jsonl: one line of figures an epoch (docs/formats/run.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace graft {

// The figures of one epoch: losses are means over the samples, accuracies fractions of 1 (of multi-label
// data: of the pictures of which every class is told right). A loss that is no number (a training that went
// astray) is NaN, and null in the file.
struct EpochRecord {
  int epoch = 0;  // from 0, as the tutorial counts
  double lr = 0;
  double train_loss = 0, train_acc = 0;
  double val_loss = 0, val_acc = 0;
  double seconds = 0;
  // Left out of the line where they are empty: files of earlier versions have none of them.
  std::optional<double> val_top5;  // share of the samples whose class is among the five largest logits
  std::optional<double> train_seconds, val_seconds;
  std::optional<std::int64_t> images;  // training pictures of the epoch
  std::optional<double> val_map;       // of multi-label data: mean average precision

  // What epochs are compared by.
  double score() const { return val_map.value_or(val_acc); }
};

std::string to_json_line(const EpochRecord& record);  // without the newline
// The inverse. Throws nlohmann::json::exception.
EpochRecord epoch_record(const std::string& json_line);

// Appends one line and flushes it to the disk.
void append_history(const std::filesystem::path& path, const EpochRecord& record);
// Throws Error naming the line that cannot be read. A last line without its end, which a program that was
// killed leaves, is passed over where it is no record.
std::vector<EpochRecord> read_history(const std::filesystem::path& path);

// The first of those with the highest score: what model.safetensors holds. Null for none.
const EpochRecord* best_epoch(const std::vector<EpochRecord>& history);

}  // namespace graft
