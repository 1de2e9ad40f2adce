#include "graft/train/optimizer_kernels.h"

#include <cmath>

namespace graft {
namespace {

using torch::Tensor;

constexpr double epsilon = 1e-8;

// Adam's bias corrections in a parameter's `count`-th step.
struct Correction {
  double step_size, root;
};
Correction correction_of(std::int64_t count, const OptimizerOptions& options) {
  const auto n = static_cast<double>(count);
  return {options.lr / (1 - std::pow(options.beta1, n)), std::sqrt(1 - std::pow(options.beta2, n))};
}

void plain_sgd(StepTensors& t, const OptimizerOptions& options) {
  for (std::size_t i = 0; i < t.parameters.size(); ++i) {
    Tensor step = t.gradients[i];
    if (options.weight_decay != 0) step = step.add(t.parameters[i], options.weight_decay);
    if (!t.first.empty()) {
      const Tensor& velocity = t.first[i].mul_(options.momentum).add_(step);
      step = options.nesterov ? step.add(velocity, options.momentum) : velocity;
    }
    t.parameters[i].sub_(step, options.lr);
  }
}

void foreach_sgd(StepTensors& t, const OptimizerOptions& options) {
  std::vector<Tensor> steps = t.gradients;
  if (options.weight_decay != 0) steps = at::_foreach_add(steps, t.parameters, options.weight_decay);
  if (!t.first.empty()) {
    at::_foreach_mul_(t.first, options.momentum);
    at::_foreach_add_(t.first, steps, 1);
    steps = options.nesterov ? at::_foreach_add(steps, t.first, options.momentum) : t.first;
  }
  at::_foreach_sub_(t.parameters, steps, options.lr);
}

void fused_sgd(StepTensors& t, const OptimizerOptions& options, const Tensor& device_lr) {
  constexpr double dampening = 0;
  constexpr bool maximize = false, is_first_step = false;
  if (device_lr.defined()) {
    at::_fused_sgd_(t.parameters, t.gradients, t.first, options.weight_decay, options.momentum, device_lr,
                    dampening, options.nesterov, maximize, is_first_step);
  } else {
    at::_fused_sgd_(t.parameters, t.gradients, t.first, options.weight_decay, options.momentum, options.lr,
                    dampening, options.nesterov, maximize, is_first_step);
  }
}

void plain_adamw(StepTensors& t, const OptimizerOptions& options) {
  for (std::size_t i = 0; i < t.parameters.size(); ++i) {
    const Correction correction = correction_of(t.counts[i], options);
    Tensor& parameter = t.parameters[i];
    const Tensor& gradient = t.gradients[i];
    if (options.weight_decay != 0) parameter.mul_(1 - options.lr * options.weight_decay);
    t.first[i].mul_(options.beta1).add_(gradient, 1 - options.beta1);
    t.second[i].mul_(options.beta2).addcmul_(gradient, gradient, 1 - options.beta2);
    parameter.addcdiv_(t.first[i], (t.second[i].sqrt() / correction.root).add_(epsilon),
                       -correction.step_size);
  }
}

void foreach_adamw(StepTensors& t, const OptimizerOptions& options) {
  std::vector<at::Scalar> roots, step_sizes;
  for (const std::int64_t count : t.counts) {
    const Correction correction = correction_of(count, options);
    roots.emplace_back(correction.root);
    step_sizes.emplace_back(-correction.step_size);
  }
  if (options.weight_decay != 0) at::_foreach_mul_(t.parameters, 1 - options.lr * options.weight_decay);
  at::_foreach_mul_(t.first, options.beta1);
  at::_foreach_add_(t.first, t.gradients, 1 - options.beta1);
  at::_foreach_mul_(t.second, options.beta2);
  at::_foreach_addcmul_(t.second, t.gradients, t.gradients, 1 - options.beta2);
  const std::vector<Tensor> denominators = at::_foreach_sqrt(t.second);
  at::_foreach_div_(denominators, roots);
  at::_foreach_add_(denominators, epsilon);
  at::_foreach_addcdiv_(t.parameters, t.first, denominators, step_sizes);
}

void fused_adamw(StepTensors& t, const OptimizerOptions& options) {
  constexpr bool amsgrad = false, maximize = false;
  at::_fused_adamw_(t.parameters, t.gradients, t.first, t.second, /*max_exp_avg_sqs=*/{}, t.device_counts,
                    options.lr, options.beta1, options.beta2, options.weight_decay, epsilon, amsgrad,
                    maximize);
}

// The kernels require the same memory layout for a parameter and its gradient.
void lay_out_gradients(StepTensors& t) {
  for (std::size_t i = 0; i < t.parameters.size(); ++i) {
    if (t.gradients[i].strides() == t.parameters[i].strides()) continue;
    t.gradients[i] = torch::empty_like(t.parameters[i]).copy_(t.gradients[i]);
  }
}

// Whether the kernel gives the results of the plain one on small tensors.
bool computes(StepKernel kernel, Method method, const torch::Device& device, torch::ScalarType type) {
  const OptimizerOptions options{.lr = 0.1, .weight_decay = 0.1, .optimizer = method};
  const auto made = [&] {
    StepTensors tensors;
    for (const std::int64_t count : {3, 40}) {
      const Tensor values = torch::linspace(-1, 1, count).to(device, type);
      tensors.parameters.push_back(values.clone());
      tensors.gradients.push_back(values.square());
      tensors.first.push_back(values.abs());
      if (method == Method::adamw) tensors.second.push_back(values.square());
      tensors.counts.push_back(2);
      tensors.device_counts.push_back(torch::full({}, 2, torch::kFloat32).to(device));
    }
    return tensors;
  };
  try {
    StepTensors tried = made(), plain = made();
    step_by(kernel, tried, options);
    step_by(StepKernel::plain, plain, options);
    for (std::size_t i = 0; i < plain.parameters.size(); ++i) {
      if (!torch::allclose(tried.parameters[i], plain.parameters[i], 1e-2, 1e-3)) return false;
    }
    return true;
  } catch (const c10::Error&) {
    return false;
  }
}

}  // namespace

StepKernel best_kernel(Method method, const torch::Device& device, torch::ScalarType type) {
  if (method == Method::sgd && device.is_cpu()) return StepKernel::plain;
  const torch::NoGradGuard no_gradients;
  for (const StepKernel kernel : {StepKernel::fused, StepKernel::foreach}) {
    if (computes(kernel, method, device, type)) return kernel;
  }
  return StepKernel::plain;
}

void step_by(StepKernel kernel, StepTensors& tensors, const OptimizerOptions& options,
             const Tensor& device_lr) {
  const bool sgd = options.optimizer == Method::sgd;
  if (kernel == StepKernel::plain) return sgd ? plain_sgd(tensors, options) : plain_adamw(tensors, options);
  if (kernel == StepKernel::foreach)
    return sgd ? foreach_sgd(tensors, options) : foreach_adamw(tensors, options);
  lay_out_gradients(tensors);
  sgd ? fused_sgd(tensors, options, device_lr) : fused_adamw(tensors, options);
}

}  // namespace graft
