// Work on a device that is recorded once and replayed in one call each time. Launching each operator
// separately takes longer than computing a small batch.
//
//   const auto graph = record_step(device, state, work);  // runs work a few times, then restores state
//   while (...) { input.copy_(batch); graph->replay(); }  // runs work on the tensors' current values
//
// The recording holds the operators with the addresses of their tensors: external tensors that work() reads
// and writes must keep their address and shape, and its decisions on the host are made once. During recording
// no other thread may use the device.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "graft/device/torch.h"

namespace graft {

class StepGraph {
 public:
  virtual ~StepGraph() = default;
  // Enqueues the work on the current stream; does not wait for it.
  virtual void replay() = 0;
};

// Whether this build can record on this device: CUDA, if the build found CUDA's headers (docs/gpu.md).
bool can_record(const torch::Device& device);

// Runs work() as often as libraries need to choose their algorithms, restores `state`, and records. `state`
// must contain every tensor that the work changes and the next run reads. Null if recording is not possible:
// can_record() is false for the device, or the work waits for the device. Throws what work() throws.
std::unique_ptr<StepGraph> record_step(const torch::Device& device, const std::vector<torch::Tensor>& state,
                                       const std::function<void()>& work);

}  // namespace graft
