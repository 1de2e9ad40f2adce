#include "graft/train/optimizer.h"

#include <utility>

namespace graft {
namespace sgd_detail {

void fused_step(std::vector<torch::Tensor>& parameters, std::vector<torch::Tensor>& gradients,
                std::vector<torch::Tensor>& velocities, const OptimizerOptions& options,
                const torch::Tensor& lr) {
  // The kernel walks through the memory of all three alike.
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (gradients[i].strides() == parameters[i].strides()) continue;
    gradients[i] = torch::empty_like(parameters[i]).copy_(gradients[i]);
  }
  at::_fused_sgd_(parameters, gradients, velocities, options.weight_decay, options.momentum, lr,
                  /*dampening=*/0, /*nesterov=*/false, /*maximize=*/false, /*is_first_step=*/false);
}

void plain_step(std::vector<torch::Tensor>& parameters, std::vector<torch::Tensor>& gradients,
                std::vector<torch::Tensor>& velocities, const OptimizerOptions& options) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    torch::Tensor step = gradients[i];
    if (options.weight_decay != 0) step = step.add(parameters[i], options.weight_decay);
    if (!velocities.empty()) step = velocities[i].mul_(options.momentum).add_(step);
    parameters[i].sub_(step, options.lr);
  }
}

}  // namespace sgd_detail

Sgd::Sgd(std::vector<torch::Tensor> parameters, const OptimizerOptions& options)
    : parameters_(std::move(parameters)), options_(options) {
  if (!parameters_.empty() && parameters_.front().is_cuda()) {
    const auto place = torch::TensorOptions().device(parameters_.front().device());
    device_lr_ = torch::full({}, options.lr, place.dtype(torch::kFloat32));
  }
  if (options.momentum == 0) return;
  for (const torch::Tensor& parameter : parameters_) {
    velocities_.push_back(torch::zeros_like(parameter.detach()));
  }
}

void Sgd::set_learning_rate(double lr) {
  if (device_lr_.defined() && lr != options_.lr) device_lr_.fill_(lr);
  options_.lr = lr;
}

void Sgd::zero_grad() {
  for (torch::Tensor& parameter : parameters_) parameter.mutable_grad().reset();
}

void Sgd::step() {
  const torch::NoGradGuard no_gradients;
  std::vector<torch::Tensor> parameters, gradients, velocities;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    if (!parameters_[i].grad().defined()) continue;
    parameters.push_back(parameters_[i]);
    gradients.push_back(parameters_[i].grad());
    if (!velocities_.empty()) velocities.push_back(velocities_[i]);
  }
  if (parameters.empty()) return;
  // Where each operator is a launch of its own, one for all parameters saves more than it computes. On a CPU
  // it is no faster, and rounds otherwise than the reference, which uses the operators there.
  if (device_lr_.defined()) {
    sgd_detail::fused_step(parameters, gradients, velocities, options_, device_lr_);
  } else {
    sgd_detail::plain_step(parameters, gradients, velocities, options_);
  }
}

}  // namespace graft
