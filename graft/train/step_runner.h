// Runs a training step for each batch: directly, or, if the device supports it and batches are small and of
// equal size, recorded once and replayed (device/step_graph.h).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "graft/device/step_graph.h"
#include "graft/device/torch.h"
#include "graft/infer/tensor_source.h"

namespace graft {

// Computing a larger batch takes longer than launching its operators.
inline constexpr std::int64_t largest_recorded_batch = 64;

class StepRunner {
 public:
  // Forward, backward and the optimiser's step. It must not access anything else that changes between steps.
  using Step = std::function<void(const torch::Tensor& images, const torch::Tensor& labels)>;
  // Every tensor that a step changes.
  using State = std::function<std::vector<torch::Tensor>()>;
  using Recorder = std::function<std::unique_ptr<StepGraph>(const std::vector<torch::Tensor>& state,
                                                            const std::function<void()>& work)>;

  // `full_batch`: the size of full batches; smaller ones (the last, or with unreadable pictures) run
  // directly. `recorder`: record_step(device, …); null to record nothing.
  StepRunner(std::int64_t full_batch, Step step, State state, Recorder recorder);

  void run(const TensorBatch& batch);

 private:
  void record(const TensorBatch& batch);

  std::int64_t full_batch_;
  Step step_;
  State state_;
  Recorder recorder_;              // null after the first attempt
  torch::Tensor images_, labels_;  // the inputs of the graph
  std::unique_ptr<StepGraph> graph_;
};

// record_step() for the device; null if it cannot record or the batch is too large.
StepRunner::Recorder recorder_for(const torch::Device& device, std::int64_t batch_size);

}  // namespace graft
