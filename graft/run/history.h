// metrics.jsonl: one line of figures an epoch (docs/formats/run.md).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace graft {

// The figures of one epoch: losses are means over the samples, accuracies fractions of 1.
struct EpochRecord {
  int epoch = 0;  // from 0, as the tutorial counts
  double lr = 0;
  double train_loss = 0, train_acc = 0;
  double val_loss = 0, val_acc = 0;
  double seconds = 0;
};

std::string to_json_line(const EpochRecord& record);  // without the newline

// Appends one line and flushes it to the disk.
void append_history(const std::filesystem::path& path, const EpochRecord& record);
// Throws Error naming the line that cannot be read.
std::vector<EpochRecord> read_history(const std::filesystem::path& path);

}  // namespace graft
