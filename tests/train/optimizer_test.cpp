#include "graft/train/optimizer.h"

#include <gtest/gtest.h>

#include "graft/device/device.h"

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
  torch::Tensor loss = torch::zeros({}, parameters.front().device());
  for (const torch::Tensor& parameter : parameters)
    loss = loss + parameter.sin().sum() + (0.1 * parameter.square()).sum();
  return loss;
}

// libtorch's own SGD equals the reference's, operator by operator, and so does the plain kernel; the others
// round differently.
void expect_torchs_steps(const OptimizerOptions& options, StepKernel kernel) {
  auto ours = parameters_of(1), theirs = parameters_of(1);
  Optimizer sgd({{ours}}, options, kernel);
  torch::optim::SGD reference(theirs, torch::optim::SGDOptions(options.lr)
                                          .momentum(options.momentum)
                                          .weight_decay(options.weight_decay)
                                          .nesterov(options.nesterov));
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
  for (std::size_t i = 0; i < ours.size(); ++i) {
    if (kernel == StepKernel::plain) {
      EXPECT_TRUE(torch::equal(ours[i], theirs[i])) << i;
    } else {
      EXPECT_TRUE(torch::allclose(ours[i], theirs[i], 1e-5, 1e-6)) << i;
    }
  }
}

TEST(Sgd, StepsAsTorchs) {
  for (const StepKernel kernel : {StepKernel::plain, StepKernel::foreach, StepKernel::fused}) {
    expect_torchs_steps({.lr = 0.1, .momentum = 0.9, .weight_decay = 0}, kernel);
    expect_torchs_steps({.lr = 0.1, .momentum = 0.9, .weight_decay = 0.01}, kernel);
    expect_torchs_steps({.lr = 0.1, .momentum = 0, .weight_decay = 0.01}, kernel);
    expect_torchs_steps({.lr = 0.1, .momentum = 0.9, .weight_decay = 0.01, .nesterov = true}, kernel);
  }
}

TEST(WeightDecay, FollowsTheParameter) {
  for (const Method method : {Method::sgd, Method::adamw}) {
    const auto decayed = torch::ones({2}).requires_grad_(), kept = torch::ones({2}).requires_grad_();
    Optimizer optimizer({{{decayed}}, {.parameters = {kept}, .decays = false}},
                        {.lr = 0.1, .weight_decay = 0.5, .optimizer = method});
    (0 * decayed.sum() + 0 * kept.sum()).backward();
    optimizer.step();
    EXPECT_TRUE(torch::allclose(decayed, torch::full({2}, 0.95)));
    EXPECT_TRUE(kept.equal(torch::ones({2})));
  }
}

TEST(AdamW, StepsAsTorchs) {
  const OptimizerOptions options = {
      .lr = 0.05, .weight_decay = 0.1, .optimizer = Method::adamw, .beta1 = 0.8, .beta2 = 0.95};
  for (const StepKernel kernel : {StepKernel::plain, StepKernel::foreach, StepKernel::fused}) {
    auto ours = parameters_of(1), theirs = parameters_of(1);
    Optimizer adamw({{ours}}, options, kernel);
    torch::optim::AdamW reference(
        theirs,
        torch::optim::AdamWOptions(0.05).weight_decay(0.1).betas(std::make_tuple(0.8, 0.95)).eps(1e-8));
    for (int step = 0; step < 6; ++step) {
      adamw.zero_grad();
      loss_of(ours).backward();
      reference.zero_grad();
      loss_of(theirs).backward();
      adamw.step();
      reference.step();
    }
    for (std::size_t i = 0; i < ours.size(); ++i)
      EXPECT_TRUE(torch::allclose(ours[i], theirs[i], 1e-5, 1e-6)) << i;
  }
}

// A parameter that is unfrozen later has its own step count, so its first step gets the first bias
// correction.
TEST(AdamW, EachParameterCountsItsOwnSteps) {
  for (const StepKernel kernel : {StepKernel::plain, StepKernel::foreach, StepKernel::fused}) {
    auto late = parameters_of(1), fresh = parameters_of(1);
    const OptimizerOptions options = {.lr = 0.05, .optimizer = Method::adamw};
    Optimizer a({{late}}, options, kernel), b({{fresh}}, options, kernel);
    late[0].sum().backward();
    a.step();
    a.zero_grad();
    late[1].sum().backward();
    a.step();
    fresh[1].sum().backward();
    b.step();
    EXPECT_TRUE(torch::equal(late[1], fresh[1]));
  }
}

TEST(Optimizer, GroupsLearnAtTheirShareOfTheRate) {
  for (const Method method : {Method::sgd, Method::adamw}) {
    auto whole = parameters_of(6), half = parameters_of(6);
    const torch::Tensor before = half[1].detach().clone();
    const OptimizerOptions options = {.lr = 0.1, .optimizer = method};
    Optimizer a({{whole, 1}}, options), b({{{half[0]}, 1}, {{half[1]}, 0.5}}, options);
    whole[1].sum().backward();
    half[1].sum().backward();
    a.step();
    b.step();
    EXPECT_TRUE(torch::allclose((whole[1] - before) / 2, half[1] - before, 1e-4, 1e-7));
  }
}

TEST(Optimizer, GradientsAreClippedTogetherAsTorchDoes) {
  for (const double most : {0.5, 1e6}) {
    auto ours = parameters_of(7), theirs = parameters_of(7);
    Optimizer optimizer({{{ours[0]}}, {{ours[1], ours[2]}}}, {.lr = 0.1, .momentum = 0, .clip_grad = most});
    torch::optim::SGD reference(theirs, 0.1);
    (10 * loss_of(ours)).backward();
    (10 * loss_of(theirs)).backward();
    torch::nn::utils::clip_grad_norm_(theirs, most);
    optimizer.step();
    reference.step();
    for (std::size_t i = 0; i < ours.size(); ++i)
      EXPECT_TRUE(torch::allclose(ours[i], theirs[i], 1e-5, 1e-6));
  }
}

// Written into another optimiser, it continues as the first one.
TEST(Optimizer, ItsStateIsComplete) {
  for (const Method method : {Method::sgd, Method::adamw}) {
    const OptimizerOptions options = {.lr = 0.1, .optimizer = method};
    auto parameters = parameters_of(8);
    Optimizer first({{parameters}}, options);
    const auto step = [&](Optimizer& optimizer, std::vector<torch::Tensor>& of) {
      optimizer.zero_grad();
      loss_of(of).backward();
      optimizer.step();
    };
    step(first, parameters);
    std::vector<torch::Tensor> copies;
    for (const torch::Tensor& parameter : parameters)
      copies.push_back(parameter.detach().clone().requires_grad_());
    Optimizer second({{copies}}, options);
    const auto from = first.state(), into = second.state();
    ASSERT_EQ(from.size(), into.size());
    for (std::size_t i = 0; i < from.size(); ++i) into[i].copy_(from[i]);
    step(first, parameters);
    step(second, copies);
    for (std::size_t i = 0; i < copies.size(); ++i) EXPECT_TRUE(torch::equal(parameters[i], copies[i])) << i;
  }
}

// Two groups, clipping, and a learning rate that changes.
TEST(Optimizer, ADeviceStepsAsTheCpuDoes) {
  const torch::Device device = select_device("auto");
  if (device.is_cpu()) GTEST_SKIP() << "no accelerator";
  for (const Method method : {Method::sgd, Method::adamw}) {
    for (const bool nesterov : {false, true}) {
      auto here = parameters_of(9), there = parameters_of(9);
      for (torch::Tensor& parameter : there) parameter = parameter.detach().to(device).requires_grad_();
      const OptimizerOptions options = {
          .lr = 0.05, .weight_decay = 0.02, .optimizer = method, .nesterov = nesterov, .clip_grad = 3};
      Optimizer a({{{here[0]}, 1}, {{here[1], here[2]}, 0.3}}, options);
      Optimizer b({{{there[0]}, 1}, {{there[1], there[2]}, 0.3}}, options);
      for (int step = 0; step < 6; ++step) {
        a.zero_grad();
        b.zero_grad();
        loss_of(here).backward();
        loss_of(there).backward();
        if (step == 3) {
          a.set_learning_rate(0.01);
          b.set_learning_rate(0.01);
        }
        a.step();
        b.step();
      }
      for (std::size_t i = 0; i < here.size(); ++i)
        EXPECT_TRUE(torch::allclose(here[i], there[i].cpu(), 1e-5, 1e-5)) << i;
    }
  }
}

TEST(Sgd, AParameterWithoutAGradientDoesNotChange) {
  auto parameters = parameters_of(4);
  const auto before = parameters[1].detach().clone();
  Optimizer sgd({{parameters}}, {});
  parameters[0].sum().backward();
  sgd.step();
  EXPECT_TRUE(torch::equal(parameters[1], before));
  sgd.zero_grad();
  EXPECT_FALSE(parameters[0].grad().defined());
  sgd.step();  // nothing to do
}

// A column of a larger tensor is not dense: no fused kernel supports it.
TEST(Optimizer, AParameterMayHaveAnyMemoryLayout) {
  const torch::Tensor whole = torch::randn({4, 3});
  torch::Tensor column = whole.select(1, 1).detach();
  column.requires_grad_();
  const torch::Tensor before = whole.clone();
  Optimizer optimizer({{{column}}}, {.lr = 0.5, .optimizer = Method::adamw});
  column.sum().backward();
  optimizer.step();
  EXPECT_TRUE(torch::allclose(whole.select(1, 1), before.select(1, 1) - 0.5));
  EXPECT_TRUE(torch::equal(whole.select(1, 0), before.select(1, 0)));
}

}  // namespace
}  // namespace graft
