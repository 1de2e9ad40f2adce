// Gradient descent on groups of parameters: torch.optim.SGD and torch.optim.AdamW.
//
//   Optimizer optimizer({{network.parameters()}}, {.lr = 0.001});
//   optimizer.zero_grad(); loss.backward(); optimizer.step();
#pragma once

#include <cstdint>
#include <vector>

#include "graft/device/torch.h"
#include "graft/train/optimizer_kernels.h"
#include "graft/train/train_options.h"

namespace graft {

struct ParameterGroup {
  std::vector<torch::Tensor> parameters;
  double lr_scale = 1;  // factor of the optimiser's learning rate
  bool decays = true;   // whether weight decay applies to them
};

class Optimizer {
 public:
  // All parameters are on one device and have one floating-point dtype. Their memory layout must not change
  // afterwards.
  Optimizer(std::vector<ParameterGroup> groups, const OptimizerOptions& options);
  // The same with `kernel` instead of the best one.
  Optimizer(std::vector<ParameterGroup> groups, const OptimizerOptions& options, StepKernel kernel);

  // Releases the gradients.
  void zero_grad();
  // With g the gradient, after clip_grad (torch.nn.utils.clip_grad_norm_ over all groups):
  // sgd: g ← g + weight_decay · w; v ← momentum · v + g; w ← w − lr · v, or with nesterov
  // w ← w − lr · (g + momentum · v).
  // adamw (Loshchilov and Hutter, arXiv:1711.05101): w ← w − lr · weight_decay · w, then Adam's step with
  // bias correction and ε = 1e-8. A parameter without a gradient does not change.
  void step();
  void set_learning_rate(double lr);
  // Whether step() reads the learning rate from the device, which recording a step requires.
  bool reads_rate_on_device() const;
  // The state of the optimiser: velocities or moments and counts of steps. A resumed run writes into these
  // tensors.
  std::vector<torch::Tensor> state() const;

 private:
  struct Group {
    std::vector<torch::Tensor> parameters;
    double lr_scale;
    double weight_decay;
    StepKernel kernel;
    std::vector<torch::Tensor> first, second;  // velocities, or moments; as parameters, or empty
    torch::Tensor steps;                       // adamw: int64 on the CPU, one per parameter
    torch::Tensor device_steps;                // the same for a fused kernel: float32 on the device
    // The learning rate that a recorded step reads; defined only on CUDA.
    torch::Tensor device_lr;
  };
  void add_group(ParameterGroup group, StepKernel kernel);
  void clip() const;
  void step(Group& group) const;

  std::vector<Group> groups_;
  OptimizerOptions options_;
};

}  // namespace graft
