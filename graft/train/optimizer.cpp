#include "graft/train/optimizer.h"

#include <ATen/Parallel.h>

#include <utility>

#include "graft/train/sgd_kernel.h"

namespace graft {
namespace {

// What sgd_kernel.h takes: plain float32 memory in the same order everywhere.
bool alike_in_memory(const torch::Tensor& parameter, const torch::Tensor& gradient,
                     const torch::Tensor* velocity) {
  const auto fits = [&](const torch::Tensor& t) {
    return t.device().is_cpu() && t.scalar_type() == torch::kFloat32 && t.strides() == parameter.strides();
  };
  return parameter.is_non_overlapping_and_dense() && fits(parameter) && fits(gradient) &&
         (velocity == nullptr || fits(*velocity));
}

}  // namespace

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

void one_pass_step(std::vector<torch::Tensor>& parameters, std::vector<torch::Tensor>& gradients,
                   std::vector<torch::Tensor>& velocities, const OptimizerOptions& options) {
  const SgdFactors factors{static_cast<float>(options.lr), static_cast<float>(options.momentum),
                           static_cast<float>(options.weight_decay)};
  std::vector<torch::Tensor> odd, odd_gradients, odd_velocities;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    torch::Tensor* velocity = velocities.empty() ? nullptr : &velocities[i];
    if (!alike_in_memory(parameters[i], gradients[i], velocity)) {
      odd.push_back(parameters[i]);
      odd_gradients.push_back(gradients[i]);
      if (velocity != nullptr) odd_velocities.push_back(*velocity);
      continue;
    }
    float* weights = parameters[i].mutable_data_ptr<float>();
    const float* gradient = gradients[i].const_data_ptr<float>();
    float* moving = velocity == nullptr ? nullptr : velocity->mutable_data_ptr<float>();
    at::parallel_for(0, parameters[i].numel(), 1 << 15, [&](std::int64_t begin, std::int64_t end) {
      sgd_pass(weights + begin, gradient + begin, moving == nullptr ? nullptr : moving + begin,
               static_cast<std::size_t>(end - begin), factors);
    });
  }
  if (!odd.empty()) plain_step(odd, odd_gradients, odd_velocities, options);
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
  // Where each operator is a launch of its own, one for all parameters saves more than it computes.
  if (device_lr_.defined())
    return sgd_detail::fused_step(parameters, gradients, velocities, options_, device_lr_);
  const bool one_pass = parameters.front().is_cpu() && has_sgd_kernel();
  const auto step = one_pass ? sgd_detail::one_pass_step : sgd_detail::plain_step;
  step(parameters, gradients, velocities, options_);
}

}  // namespace graft
