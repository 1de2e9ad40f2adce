// Stochastic gradient descent with momentum and weight decay: torch.optim.SGD.
//
//   Sgd sgd(network.parameters(), {.lr = 0.001});
//   sgd.zero_grad(); loss.backward(); sgd.step();
#pragma once

#include <torch/torch.h>

#include <vector>

#include "graft/train/optimizer_options.h"

namespace graft {

class Sgd {
 public:
  // All parameters lie on one device and have one floating dtype.
  Sgd(std::vector<torch::Tensor> parameters, const OptimizerOptions& options);

  // Drops the gradients.
  void zero_grad();
  // g ← g + weight_decay · w; v ← momentum · v + g; w ← w − lr · v. A parameter without a gradient stands
  // still.
  void step();
  void set_learning_rate(double lr);
  // What step() changes beside the parameters: the velocities.
  const std::vector<torch::Tensor>& state() const { return velocities_; }

 private:
  std::vector<torch::Tensor> parameters_;
  std::vector<torch::Tensor> velocities_;  // as parameters_; empty without momentum
  OptimizerOptions options_;
  // The learning rate where a step that was recorded there reads it; undefined but on CUDA.
  torch::Tensor device_lr_;
};

namespace sgd_detail {

// One step of every triple; `velocities` is empty without momentum. The first is torch's fused kernel, for
// accelerators, which takes the learning rate from `lr`, one float32 on the parameters' device; the second is
// made of the operators of the reference, in its order.
void fused_step(std::vector<torch::Tensor>& parameters, std::vector<torch::Tensor>& gradients,
                std::vector<torch::Tensor>& velocities, const OptimizerOptions& options,
                const torch::Tensor& lr);
void plain_step(std::vector<torch::Tensor>& parameters, std::vector<torch::Tensor>& gradients,
                std::vector<torch::Tensor>& velocities, const OptimizerOptions& options);

}  // namespace sgd_detail

}  // namespace graft
