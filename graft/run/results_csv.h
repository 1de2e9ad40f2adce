// The history of a run as tables for other programs (docs/formats/run.md). Each is replaced as a whole.
#pragma once

#include <filesystem>
#include <vector>

#include "graft/run/history.h"

namespace graft {

// results.csv with the columns that Ultralytics' classification trainings write, so that what plots those
// plots these: epochs count from 1, `time` is cumulative. A probe is no epoch: it has no row, and its seconds
// are in the times of the epochs.
void write_results_csv(const std::filesystem::path& path, const std::vector<EpochRecord>& history);

// metrics.csv: the fields of metrics.jsonl as columns, `probe` last.
void write_metrics_csv(const std::filesystem::path& path, const std::vector<EpochRecord>& history);

}  // namespace graft
