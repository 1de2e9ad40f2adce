#include "graft/train/optimizer.h"

#include <cmath>
#include <utility>

namespace graft {
namespace optimizer_detail {

void fused_sgd(std::vector<torch::Tensor>& parameters, std::vector<torch::Tensor>& gradients,
               std::vector<torch::Tensor>& velocities, const OptimizerOptions& options,
               const torch::Tensor& lr) {
  // The kernel walks through the memory of all three alike.
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (gradients[i].strides() == parameters[i].strides()) continue;
    gradients[i] = torch::empty_like(parameters[i]).copy_(gradients[i]);
  }
  at::_fused_sgd_(parameters, gradients, velocities, options.weight_decay, options.momentum, lr,
                  /*dampening=*/0, options.nesterov, /*maximize=*/false, /*is_first_step=*/false);
}

void plain_sgd(std::vector<torch::Tensor>& parameters, std::vector<torch::Tensor>& gradients,
               std::vector<torch::Tensor>& velocities, const OptimizerOptions& options) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    torch::Tensor step = gradients[i];
    if (options.weight_decay != 0) step = step.add(parameters[i], options.weight_decay);
    if (!velocities.empty()) {
      const torch::Tensor& velocity = velocities[i].mul_(options.momentum).add_(step);
      step = options.nesterov ? step.add(velocity, options.momentum) : velocity;
    }
    parameters[i].sub_(step, options.lr);
  }
}

}  // namespace optimizer_detail

namespace {

constexpr double epsilon = 1e-8;

std::vector<torch::Tensor> zeros_like(const std::vector<torch::Tensor>& parameters) {
  std::vector<torch::Tensor> zeros;
  for (const torch::Tensor& parameter : parameters) zeros.push_back(torch::zeros_like(parameter.detach()));
  return zeros;
}

}  // namespace

Optimizer::Optimizer(std::vector<ParameterGroup> groups, const OptimizerOptions& options)
    : options_(options) {
  for (ParameterGroup& each : groups) {
    if (each.parameters.empty()) continue;
    const double weight_decay = each.decays ? options.weight_decay : 0;
    Group group{std::move(each.parameters), each.lr_scale, weight_decay, {}, {}, {}, {}};
    const torch::Device device = group.parameters.front().device();
    if (device.is_cuda()) {
      group.device_lr = torch::full({}, options.lr * group.lr_scale,
                                    torch::TensorOptions().device(device).dtype(torch::kFloat32));
    }
    const bool adamw = options.optimizer == Method::adamw;
    if (adamw || options.momentum != 0) group.first = zeros_like(group.parameters);
    if (adamw) {
      group.second = zeros_like(group.parameters);
      group.steps = torch::zeros(static_cast<std::int64_t>(group.parameters.size()), torch::kInt64);
    }
    groups_.push_back(std::move(group));
  }
}

void Optimizer::set_learning_rate(double lr) {
  if (lr == options_.lr) return;
  options_.lr = lr;
  for (Group& group : groups_) {
    if (group.device_lr.defined()) group.device_lr.fill_(lr * group.lr_scale);
  }
}

void Optimizer::zero_grad() {
  for (Group& group : groups_) {
    for (torch::Tensor& parameter : group.parameters) parameter.mutable_grad().reset();
  }
}

void Optimizer::step() {
  const torch::NoGradGuard no_gradients;
  if (options_.clip_grad > 0) clip();
  for (Group& group : groups_) {
    options_.optimizer == Method::sgd ? step_sgd(group) : step_adamw(group);
  }
}

// Nothing is read back: the host does not wait.
void Optimizer::clip() const {
  std::vector<torch::Tensor> gradients, norms;
  for (const Group& group : groups_) {
    for (const torch::Tensor& parameter : group.parameters) {
      if (parameter.grad().defined()) gradients.push_back(parameter.grad());
    }
  }
  if (gradients.empty()) return;
  for (const torch::Tensor& gradient : gradients) norms.push_back(torch::linalg_vector_norm(gradient));
  const torch::Tensor norm = torch::linalg_vector_norm(torch::stack(norms));
  const torch::Tensor scale = (options_.clip_grad / (norm + 1e-6)).clamp_max(1.0);
  for (torch::Tensor& gradient : gradients) gradient.mul_(scale);
}

void Optimizer::step_sgd(Group& group) const {
  std::vector<torch::Tensor> parameters, gradients, velocities;
  for (std::size_t i = 0; i < group.parameters.size(); ++i) {
    if (!group.parameters[i].grad().defined()) continue;
    parameters.push_back(group.parameters[i]);
    gradients.push_back(group.parameters[i].grad());
    if (!group.first.empty()) velocities.push_back(group.first[i]);
  }
  if (parameters.empty()) return;
  // Where each operator is a launch of its own, one for all parameters saves more than it computes. On a CPU
  // it is no faster, and rounds otherwise than the reference, which uses the operators there.
  OptimizerOptions options = options_;
  options.weight_decay = group.weight_decay;
  if (group.device_lr.defined()) {
    optimizer_detail::fused_sgd(parameters, gradients, velocities, options, group.device_lr);
  } else {
    options.lr *= group.lr_scale;
    optimizer_detail::plain_sgd(parameters, gradients, velocities, options);
  }
}

void Optimizer::step_adamw(Group& group) const {
  const double lr = options_.lr * group.lr_scale;
  auto* steps = group.steps.data_ptr<std::int64_t>();
  for (std::size_t i = 0; i < group.parameters.size(); ++i) {
    torch::Tensor& parameter = group.parameters[i];
    const torch::Tensor& gradient = parameter.grad();
    if (!gradient.defined()) continue;
    const auto step = static_cast<double>(++steps[i]);
    if (group.weight_decay != 0) parameter.mul_(1 - lr * group.weight_decay);
    group.first[i].mul_(options_.beta1).add_(gradient, 1 - options_.beta1);
    group.second[i].mul_(options_.beta2).addcmul_(gradient, gradient, 1 - options_.beta2);
    const double correction = 1 - std::pow(options_.beta1, step);
    const double root_correction = std::sqrt(1 - std::pow(options_.beta2, step));
    parameter.addcdiv_(group.first[i], (group.second[i].sqrt() / root_correction).add_(epsilon),
                       -lr / correction);
  }
}

std::vector<torch::Tensor> Optimizer::state() const {
  std::vector<torch::Tensor> tensors;
  for (const Group& group : groups_) {
    tensors.insert(tensors.end(), group.first.begin(), group.first.end());
    tensors.insert(tensors.end(), group.second.begin(), group.second.end());
    if (group.steps.defined()) tensors.push_back(group.steps);
  }
  return tensors;
}

}  // namespace graft
