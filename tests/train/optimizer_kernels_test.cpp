#include "graft/train/optimizer_kernels.h"

#include <gtest/gtest.h>

#include "graft/device/device.h"

namespace graft {
namespace {

StepTensors tensors_of(Method method, bool velocities, const torch::Device& device) {
  torch::manual_seed(3);
  StepTensors tensors;
  for (const std::vector<std::int64_t>& shape :
       std::vector<std::vector<std::int64_t>>{{7, 3, 3, 3}, {7}, {}}) {
    const auto random = [&] {
      const torch::Tensor made = torch::randn(shape).to(device);
      return shape.size() == 4 ? made.contiguous(torch::MemoryFormat::ChannelsLast) : made;
    };
    tensors.parameters.push_back(random());
    tensors.gradients.push_back(random());
    if (velocities || method == Method::adamw) tensors.first.push_back(random());
    if (method == Method::adamw) tensors.second.push_back(random().square());
    tensors.counts.push_back(static_cast<std::int64_t>(tensors.counts.size()) + 1);
    tensors.device_counts.push_back(torch::full({}, tensors.counts.back(), torch::kFloat32).to(device));
  }
  return tensors;
}

void expect_close(const std::vector<torch::Tensor>& a, const std::vector<torch::Tensor>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_TRUE(torch::allclose(a[i], b[i], 1e-5, 1e-6)) << i;
}

// Compares after each step, so that the state is compared too.
void expect_same_steps(StepKernel kernel, const torch::Device& device) {
  for (const Method method : {Method::sgd, Method::adamw}) {
    for (const double momentum : {0.0, 0.9}) {
      for (const double decay : {0.0, 0.1}) {
        const OptimizerOptions options{.lr = 0.05,
                                       .momentum = momentum,
                                       .weight_decay = decay,
                                       .optimizer = method,
                                       .nesterov = momentum > 0 && decay > 0};
        StepTensors tried = tensors_of(method, momentum > 0, device);
        StepTensors plain = tensors_of(method, momentum > 0, device);
        for (int step = 0; step < 5; ++step) {
          step_by(kernel, tried, options);
          step_by(StepKernel::plain, plain, options);
          expect_close(tried.parameters, plain.parameters);
          expect_close(tried.first, plain.first);
          expect_close(tried.second, plain.second);
          for (StepTensors* tensors : {&tried, &plain}) {
            for (std::size_t i = 0; i < tensors->counts.size(); ++i) {
              ++tensors->counts[i];
              tensors->device_counts[i] += 1;
            }
          }
        }
      }
    }
  }
}

TEST(OptimizerKernels, ForeachStepsAsPlain) { expect_same_steps(StepKernel::foreach, torch::kCPU); }

TEST(OptimizerKernels, FusedStepsAsPlain) { expect_same_steps(StepKernel::fused, torch::kCPU); }

TEST(OptimizerKernels, AllStepAsPlainOnADevice) {
  const torch::Device device = select_device("auto");
  if (device.is_cpu()) GTEST_SKIP() << "no accelerator";
  for (const StepKernel kernel : {StepKernel::foreach, StepKernel::fused}) expect_same_steps(kernel, device);
}

TEST(OptimizerKernels, TheRateMayBeOnTheDevice) {
  const OptimizerOptions options{.lr = 0.05, .momentum = 0.9, .weight_decay = 0.02};
  StepTensors fused = tensors_of(Method::sgd, true, torch::kCPU);
  StepTensors plain = tensors_of(Method::sgd, true, torch::kCPU);
  step_by(StepKernel::fused, fused, options, torch::tensor(0.05F));
  step_by(StepKernel::plain, plain, options);
  expect_close(fused.parameters, plain.parameters);
}

TEST(OptimizerKernels, AGradientMayHaveAnotherLayout) {
  for (const StepKernel kernel : {StepKernel::plain, StepKernel::foreach, StepKernel::fused}) {
    StepTensors tensors;
    tensors.parameters = {torch::randn({7, 3, 3, 3}).contiguous(torch::MemoryFormat::ChannelsLast)};
    tensors.gradients = {torch::randn({7, 3, 3, 3})};
    ASSERT_NE(tensors.gradients[0].strides(), tensors.parameters[0].strides());
    const torch::Tensor expected = tensors.parameters[0].contiguous() - 0.5 * tensors.gradients[0];
    step_by(kernel, tensors, {.lr = 0.5, .momentum = 0});
    EXPECT_TRUE(torch::allclose(tensors.parameters[0], expected));
  }
}

TEST(OptimizerKernels, TheBestKernelIsFusedIfTheDeviceSupportsIt) {
  EXPECT_EQ(best_kernel(Method::adamw, torch::kCPU, torch::kFloat32), StepKernel::fused);
  EXPECT_EQ(best_kernel(Method::sgd, torch::kCPU, torch::kFloat32), StepKernel::plain);
  // Tensors of the meta device have no values: nothing can be tested there.
  for (const Method method : {Method::sgd, Method::adamw})
    EXPECT_EQ(best_kernel(method, torch::kMeta, torch::kFloat32), StepKernel::plain);
}

}  // namespace
}  // namespace graft
