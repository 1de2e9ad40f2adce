#include "graft/train/optimizer.h"

#include <algorithm>
#include <utility>

namespace graft {
namespace {

std::vector<torch::Tensor> zeros_like(const std::vector<torch::Tensor>& parameters) {
  std::vector<torch::Tensor> zeros;
  for (const torch::Tensor& parameter : parameters) zeros.push_back(torch::zeros_like(parameter.detach()));
  return zeros;
}

bool all_dense(const std::vector<torch::Tensor>& tensors) {
  return std::all_of(tensors.begin(), tensors.end(),
                     [](const torch::Tensor& each) { return each.is_non_overlapping_and_dense(); });
}

}  // namespace

Optimizer::Optimizer(std::vector<ParameterGroup> groups, const OptimizerOptions& options)
    : options_(options) {
  for (ParameterGroup& group : groups) {
    if (group.parameters.empty()) continue;
    const torch::Tensor& any = group.parameters.front();
    const StepKernel kernel = all_dense(group.parameters)
                                  ? best_kernel(options.optimizer, any.device(), any.scalar_type())
                                  : StepKernel::plain;
    add_group(std::move(group), kernel);
  }
}

Optimizer::Optimizer(std::vector<ParameterGroup> groups, const OptimizerOptions& options, StepKernel kernel)
    : options_(options) {
  for (ParameterGroup& group : groups) {
    if (!group.parameters.empty()) add_group(std::move(group), kernel);
  }
}

void Optimizer::add_group(ParameterGroup of, StepKernel kernel) {
  const double weight_decay = of.decays ? options_.weight_decay : 0;
  Group group{std::move(of.parameters), of.lr_scale, weight_decay, kernel, {}, {}, {}, {}, {}};
  const torch::Device device = group.parameters.front().device();
  const auto scalars = torch::TensorOptions().device(device).dtype(torch::kFloat32);
  const bool adamw = options_.optimizer == Method::adamw, fused = kernel == StepKernel::fused;
  if (device.is_cuda() && fused && !adamw)
    group.device_lr = torch::full({}, options_.lr * group.lr_scale, scalars);
  if (adamw || options_.momentum != 0) group.first = zeros_like(group.parameters);
  if (adamw) {
    const auto count = static_cast<std::int64_t>(group.parameters.size());
    group.second = zeros_like(group.parameters);
    group.steps = torch::zeros(count, torch::kInt64);
    if (fused) group.device_steps = torch::zeros(count, scalars);
  }
  groups_.push_back(std::move(group));
}

bool Optimizer::reads_rate_on_device() const {
  return std::all_of(groups_.begin(), groups_.end(),
                     [](const Group& group) { return group.device_lr.defined(); });
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
  for (Group& group : groups_) step(group);
}

// Nothing is copied to the host, so the host does not wait.
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

void Optimizer::step(Group& group) const {
  OptimizerOptions options = options_;
  options.lr *= group.lr_scale;
  options.weight_decay = group.weight_decay;
  StepTensors tensors;
  std::vector<torch::Tensor> device_steps;
  if (group.device_steps.defined()) device_steps = group.device_steps.unbind(0);
  for (std::size_t i = 0; i < group.parameters.size(); ++i) {
    if (!group.parameters[i].grad().defined()) continue;
    tensors.parameters.push_back(group.parameters[i]);
    tensors.gradients.push_back(group.parameters[i].grad());
    if (!group.first.empty()) tensors.first.push_back(group.first[i]);
    if (!group.second.empty()) tensors.second.push_back(group.second[i]);
    if (group.steps.defined()) tensors.counts.push_back(++group.steps.data_ptr<std::int64_t>()[i]);
    if (!device_steps.empty()) tensors.device_counts.push_back(device_steps[i]);
  }
  if (tensors.parameters.empty()) return;
  if (group.device_steps.defined()) group.device_steps.copy_(group.steps);
  step_by(group.kernel, tensors, options, group.device_lr);
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
