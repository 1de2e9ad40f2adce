// Where a training stands, complete enough to continue from: with the same threads it ends in the same
// weights, bit for bit, as one that was never stopped (docs/formats/run.md).
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "graft/run/history.h"
#include "graft/train/train_result.h"

namespace graft {

struct Checkpoint {
  int epoch = 0;          // how many are done, the probe not counted
  std::int64_t step = 0;  // batches of the next one that are done
  std::vector<EpochRecord> history;
  double seconds = 0;        // of training so far
  double epoch_seconds = 0;  // of those, in the epoch under way
  std::optional<ProbeFigures> probe;
  // Lists of tensors by what they belong to: "network", "learner", "best", "random".
  std::map<std::string, std::vector<torch::Tensor>> tensors;
};

// Atomic: an older checkpoint stays until the new one is whole. `facts` are kept beside it for the caller.
void save_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint,
                     const std::map<std::string, std::string>& facts = {});

struct SavedCheckpoint {
  Checkpoint checkpoint;
  std::map<std::string, std::string> facts;
};
// The history of a checkpoint of version 0.1 is as count_from_one leaves it. Throws Error for a file that is
// damaged or something else.
SavedCheckpoint load_checkpoint(const std::filesystem::path& path);

// Copies list `name` into `into`, in place. Throws Error where number, shape or dtype differ.
void restore_tensors(const Checkpoint& checkpoint, const std::string& name,
                     const std::vector<torch::Tensor>& into);

}  // namespace graft
