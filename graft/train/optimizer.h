// Gradient descent on groups of parameters: torch.optim.SGD and torch.optim.AdamW.
//
//   Optimizer optimizer({{network.parameters()}}, {.lr = 0.001});
//   optimizer.zero_grad(); loss.backward(); optimizer.step();
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <vector>

#include "graft/train/optimizer_options.h"

namespace graft {

struct ParameterGroup {
  std::vector<torch::Tensor> parameters;
  double lr_scale = 1;  // their learning rate as a share of the optimiser's
  bool decays = true;   // whether weight decay acts on them
};

class Optimizer {
 public:
  // All parameters lie on one device and have one floating dtype. They keep their memory layout from here on.
  Optimizer(std::vector<ParameterGroup> groups, const OptimizerOptions& options);

  // Drops the gradients.
  void zero_grad();
  // With g the gradient, after clip_grad (torch.nn.utils.clip_grad_norm_ over all groups):
  // sgd: g ← g + weight_decay · w; v ← momentum · v + g; w ← w − lr · v, or with nesterov
  // w ← w − lr · (g + momentum · v).
  // adamw (Loshchilov and Hutter, arXiv:1711.05101): w ← w − lr · weight_decay · w, then Adam's step with
  // bias correction and ε = 1e-8.
  // A parameter without a gradient stands still.
  void step();
  void set_learning_rate(double lr);
  // What step() changes beside the parameters: velocities or moments and counts of steps. To be read, and to
  // be written into by a run that continues from an earlier state.
  std::vector<torch::Tensor> state() const;

 private:
  struct Group {
    std::vector<torch::Tensor> parameters;
    double lr_scale;
    double weight_decay;
    std::vector<torch::Tensor> first, second;  // velocities, or moments; as parameters, or empty
    torch::Tensor steps;                       // of adamw: int64 on the CPU, one a parameter
    // The learning rate where a step that was recorded there reads it; undefined but on CUDA.
    torch::Tensor device_lr;
  };
  void clip() const;
  void step_sgd(Group& group) const;
  void step_adamw(Group& group) const;

  std::vector<Group> groups_;
  OptimizerOptions options_;
};

namespace optimizer_detail {

// One step of every triple; `velocities` is empty without momentum. The first is torch's fused kernel, for
// accelerators, which takes the learning rate from `lr`, one float32 on the parameters' device; the second is
// made of the operators of the reference, in its order, with options.lr.
void fused_sgd(std::vector<torch::Tensor>& parameters, std::vector<torch::Tensor>& gradients,
               std::vector<torch::Tensor>& velocities, const OptimizerOptions& options,
               const torch::Tensor& lr);
void plain_sgd(std::vector<torch::Tensor>& parameters, std::vector<torch::Tensor>& gradients,
               std::vector<torch::Tensor>& velocities, const OptimizerOptions& options);

}  // namespace optimizer_detail

}  // namespace graft
