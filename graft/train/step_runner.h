// A training step for batch after batch: as it is, or, where the device can and the batch is small and always
// the same size, recorded once and replayed (device/step_graph.h).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "graft/device/step_graph.h"
#include "graft/device/torch.h"
#include "graft/infer/tensor_source.h"

namespace graft {

// Larger batches compute for longer than their operators take to launch.
inline constexpr std::int64_t largest_recorded_batch = 64;

class StepRunner {
 public:
  // Forward, backward and the optimiser's step. It may read and write nothing else that moves between steps.
  using Step = std::function<void(const torch::Tensor& images, const torch::Tensor& labels)>;
  // Every tensor that a step changes.
  using State = std::function<std::vector<torch::Tensor>()>;
  using Recorder = std::function<std::unique_ptr<StepGraph>(const std::vector<torch::Tensor>& state,
                                                            const std::function<void()>& work)>;

  // `full_batch`: the size of every batch but the last, which is run as it is, as are batches that are short
  // of unreadable pictures. `recorder` stands for record_step(device, …); a null one records nothing.
  StepRunner(std::int64_t full_batch, Step step, State state, Recorder recorder);

  void run(const TensorBatch& batch);

 private:
  void record(const TensorBatch& batch);

  std::int64_t full_batch_;
  Step step_;
  State state_;
  Recorder recorder_;              // null from when it has been tried
  torch::Tensor images_, labels_;  // what the graph reads
  std::unique_ptr<StepGraph> graph_;
};

// record_step() for the device, null where it cannot record or the batch is too large.
StepRunner::Recorder recorder_for(const torch::Device& device, std::int64_t batch_size);

}  // namespace graft
