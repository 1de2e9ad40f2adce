// A step of an optimiser for many parameters at once, in the ways that libtorch has for it.
#pragma once

#include <cstdint>
#include <vector>

#include "graft/device/torch.h"
#include "graft/train/train_options.h"

namespace graft {

// fused: one kernel for everything; foreach: each operator for all parameters at once; plain: operator by
// operator, parameter by parameter, in the reference's order.
enum class StepKernel { plain, foreach, fused };

// One entry a parameter. Parameters, velocities or moments are non-overlapping and dense where the kernel is
// fused, and alike in memory.
struct StepTensors {
  std::vector<torch::Tensor> parameters, gradients;
  std::vector<torch::Tensor> first, second;  // velocities, or moments; empty where the method has none
  // Of adamw: how many steps each has taken, with this one; for fused the same as float32 scalars on the
  // device.
  std::vector<std::int64_t> counts;
  std::vector<torch::Tensor> device_counts;
};

// The first of fused and foreach that computes on the device, where they are tried out; plain where neither
// does. Of sgd on a CPU plain: there the fused kernel is slower on large parameters (34 ms against 16 for
// ResNet-18 with one thread), and rounds otherwise than the reference.
StepKernel best_kernel(Method method, const torch::Device& device, torch::ScalarType type);

// By options.optimizer, at the rate options.lr. `device_lr`: where it is defined, the fused kernel of sgd
// reads the rate from there: a float32 scalar on the device. Gradients may be written to.
void step_by(StepKernel kernel, StepTensors& tensors, const OptimizerOptions& options,
             const torch::Tensor& device_lr = {});

}  // namespace graft
