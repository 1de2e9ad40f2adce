// The step of an optimiser for many parameters at once, by the kernels of libtorch.
#pragma once

#include <cstdint>
#include <vector>

#include "graft/device/torch.h"
#include "graft/train/train_options.h"

namespace graft {

// fused: one kernel for everything; foreach: each operator for all parameters at once; plain: operator by
// operator, parameter by parameter, in the reference's order.
enum class StepKernel { plain, foreach, fused };

// One entry per parameter. For the fused kernel parameters, velocities and moments must be non-overlapping
// and dense, with the same memory layout.
struct StepTensors {
  std::vector<torch::Tensor> parameters, gradients;
  std::vector<torch::Tensor> first, second;  // velocities, or moments; empty if the method has none
  // adamw: the number of steps of each, including this one; for fused the same as float32 scalars on the
  // device.
  std::vector<std::int64_t> counts;
  std::vector<torch::Tensor> device_counts;
};

// The first of fused and foreach that works on the device, tested there; plain if neither does. For sgd on a
// CPU always plain: the fused kernel is slower on large parameters (34 ms against 16 for ResNet-18 with one
// thread), and rounds differently from the reference.
StepKernel best_kernel(Method method, const torch::Device& device, torch::ScalarType type);

// Takes a step of options.optimizer with the learning rate options.lr. `device_lr`: if defined, a float32
// scalar on the device from which the fused kernel of sgd reads the rate. Gradients may be overwritten.
void step_by(StepKernel kernel, StepTensors& tensors, const OptimizerOptions& options,
             const torch::Tensor& device_lr = {});

}  // namespace graft
