#include "graft/task/calibrate.h"

#include <cmath>
#include <functional>
#include <vector>

namespace graft {
namespace {

constexpr double most_temperature = 20;

using Parameters = std::vector<torch::Tensor>;

void minimise(const Parameters& parameters, const std::function<torch::Tensor()>& loss_of) {
  torch::optim::LBFGS optimizer(parameters, torch::optim::LBFGSOptions(1)
                                                .max_iter(500)
                                                .max_eval(1000)
                                                .tolerance_grad(1e-9)
                                                .tolerance_change(1e-13)
                                                .line_search_fn("strong_wolfe"));
  optimizer.step([&] {
    optimizer.zero_grad();
    const torch::Tensor loss = loss_of();
    loss.backward();
    return loss;
  });
}

OutputScale in_float32(const torch::Tensor& scale, const torch::Tensor& shift) {
  return {scale.detach().to(torch::kFloat32), shift.detach().to(torch::kFloat32)};
}

}  // namespace

OutputScale fit_scale(const Task& task, const torch::Tensor& outputs, const torch::Tensor& targets,
                      Scaling kind) {
  const torch::AutoGradMode gradients(true);
  const torch::Tensor exact = outputs.to(torch::kFloat64);
  const torch::Tensor wanted = targets.is_floating_point() ? targets.to(torch::kFloat64) : targets;
  const auto loss = [&](const torch::Tensor& scaled) { return task.loss(scaled, wanted, {}, {}); };
  if (kind == Scaling::temperature) {
    torch::Tensor log_scale = torch::zeros({1}, torch::kFloat64).requires_grad_();
    minimise({log_scale}, [&] { return loss(exact * log_scale.exp()); });
    const double limit = std::log(most_temperature);
    return in_float32(log_scale.clamp(-limit, limit).exp(), torch::zeros({1}));
  }
  torch::Tensor scale = torch::ones({outputs.size(1)}, torch::kFloat64).requires_grad_();
  torch::Tensor shift = torch::zeros({outputs.size(1)}, torch::kFloat64).requires_grad_();
  minimise({scale, shift}, [&] { return loss(exact * scale + shift); });
  return in_float32(scale, shift);
}

}  // namespace graft
