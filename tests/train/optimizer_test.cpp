#include "graft/train/optimizer.h"

#include <gtest/gtest.h>

#include <functional>

namespace graft {
namespace {

std::vector<torch::Tensor> parameters_of(std::uint64_t seed) {
  torch::manual_seed(seed);
  std::vector<torch::Tensor> parameters = {torch::randn({7, 3, 3, 3}), torch::randn({7}),
                                           torch::randn({5, 7})};
  parameters[0] = parameters[0].contiguous(torch::MemoryFormat::ChannelsLast);
  for (torch::Tensor& parameter : parameters) parameter.requires_grad_();
  return parameters;
}

torch::Tensor loss_of(const std::vector<torch::Tensor>& parameters) {
  torch::Tensor loss = torch::zeros({});
  for (const torch::Tensor& parameter : parameters)
    loss = loss + parameter.sin().sum() + (0.1 * parameter.square()).sum();
  return loss;
}

// libtorch's own SGD is the reference's, operator by operator.
void expect_torchs_steps(const OptimizerOptions& options) {
  auto ours = parameters_of(1), theirs = parameters_of(1);
  Sgd sgd(ours, options);
  torch::optim::SGD reference(
      theirs,
      torch::optim::SGDOptions(options.lr).momentum(options.momentum).weight_decay(options.weight_decay));
  for (int step = 0; step < 6; ++step) {
    sgd.zero_grad();
    loss_of(ours).backward();
    reference.zero_grad();
    loss_of(theirs).backward();
    if (step == 3) {
      sgd.set_learning_rate(options.lr / 10);
      reference.param_groups()[0].options().set_lr(options.lr / 10);
    }
    sgd.step();
    reference.step();
  }
  for (std::size_t i = 0; i < ours.size(); ++i) EXPECT_TRUE(torch::equal(ours[i], theirs[i])) << i;
}

TEST(Sgd, StepsAsTorchs) {
  expect_torchs_steps({.lr = 0.1, .momentum = 0.9, .weight_decay = 0});
  expect_torchs_steps({.lr = 0.1, .momentum = 0.9, .weight_decay = 0.01});
  expect_torchs_steps({.lr = 0.1, .momentum = 0, .weight_decay = 0.01});
}

TEST(Sgd, TheFusedKernelDoesWhatTheOperatorsDo) {
  for (const double momentum : {0.0, 0.9}) {
    auto fused = parameters_of(2), plain = parameters_of(2), gradients = parameters_of(3);
    std::vector<torch::Tensor> velocities, same_velocities;
    const torch::NoGradGuard no_gradients;
    for (std::size_t i = 0; i < fused.size() && momentum > 0; ++i) {
      velocities.push_back(0.3 * gradients[i]);
      same_velocities.push_back(0.3 * gradients[i]);
    }
    const OptimizerOptions options = {.lr = 0.05, .momentum = momentum, .weight_decay = 0.02};
    sgd_detail::fused_step(fused, gradients, velocities, options, torch::tensor(0.05F));
    sgd_detail::plain_step(plain, gradients, same_velocities, options);
    for (std::size_t i = 0; i < fused.size(); ++i)
      EXPECT_TRUE(torch::allclose(fused[i], plain[i], 1e-5, 1e-6)) << i;
  }
}

TEST(Sgd, AParameterWithoutAGradientStandsStill) {
  auto parameters = parameters_of(4);
  const auto before = parameters[1].detach().clone();
  Sgd sgd(parameters, {});
  parameters[0].sum().backward();
  sgd.step();
  EXPECT_TRUE(torch::equal(parameters[1], before));
  sgd.zero_grad();
  EXPECT_FALSE(parameters[0].grad().defined());
  sgd.step();  // nothing to do
}

TEST(Sgd, AGradientOfAnotherLayoutIsUnderstood) {
  const auto fused_step = [](auto& parameters, auto& gradients, auto& velocities, const auto& options) {
    sgd_detail::fused_step(parameters, gradients, velocities, options,
                           torch::tensor(options.lr, torch::kFloat32));
  };
  using Step = std::function<void(std::vector<torch::Tensor>&, std::vector<torch::Tensor>&,
                                  std::vector<torch::Tensor>&, const OptimizerOptions&)>;
  for (const Step& step : {Step(fused_step), Step(sgd_detail::plain_step)}) {
    const torch::NoGradGuard no_gradients;
    std::vector<torch::Tensor> parameters = {parameters_of(5)[0].detach()}, velocities;
    const torch::Tensor gradient = torch::randn({7, 3, 3, 3});
    const torch::Tensor expected = parameters[0].contiguous() - 0.5 * gradient;
    std::vector<torch::Tensor> gradients = {gradient};
    ASSERT_NE(gradient.strides(), parameters[0].strides());
    step(parameters, gradients, velocities, {.lr = 0.5, .momentum = 0});
    EXPECT_TRUE(torch::allclose(parameters[0], expected));
  }
}

}  // namespace
}  // namespace graft
