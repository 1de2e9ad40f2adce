// Work on a device that is recorded once and then started again and again in one call: where each operator is
// a launch of its own, launching takes longer than computing a small batch.
//
//   const auto graph = record_step(device, state, work);      // work has been run a few times; state is as
//   before while (...) { input.copy_(batch); graph->replay(); }      // work, on whatever its tensors hold
//   now
//
// Recorded are the operators with the addresses of their tensors: what work() reads and writes from outside
// must stay where it is and keep its shape, and what it decides on the host is decided once. The thread that
// records must be the only one that uses the device meanwhile.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "graft/device/torch.h"

namespace graft {

class StepGraph {
 public:
  virtual ~StepGraph() = default;
  // Starts the work after all that the current stream has been given; does not wait for it.
  virtual void replay() = 0;
};

// Whether this program and this device can: CUDA, in a build that found CUDA's headers (docs/gpu.md).
bool can_record(const torch::Device& device);

// Runs work() as often as libraries need to choose their algorithms, puts `state` back, which must name every
// tensor that the work changes and the next run reads, and records. Null where that cannot be done: on a
// device for which can_record() is false, or for work that waits for the device. Throws what work() throws.
std::unique_ptr<StepGraph> record_step(const torch::Device& device, const std::vector<torch::Tensor>& state,
                                       const std::function<void()>& work);

}  // namespace graft
