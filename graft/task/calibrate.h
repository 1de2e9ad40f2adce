// Calibration: a change of a classifier's outputs after which its probabilities are as often right as they
// say. Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks" (2017), section 4.2.
#pragma once

#include "graft/device/torch.h"
#include "graft/task/task.h"

namespace graft {

// temperature: every output is divided by one number, which changes no order of classes. vector: each output
// has a factor and a shift of its own.
enum class Scaling { temperature, vector };

// outputs · scale + shift; each has one element, or one for each output. float32, on the CPU.
struct OutputScale {
  torch::Tensor scale, shift;

  torch::Tensor operator()(const torch::Tensor& outputs) const { return outputs * scale + shift; }
};

// The scale with the smallest mean loss of the task, by L-BFGS in float64. outputs: N×K, float32, of pictures
// that had no part in training; targets: as Task::targets() gives them; both on the CPU, N ≥ 1. A temperature
// is from 1/20 to 20.
OutputScale fit_scale(const Task& task, const torch::Tensor& outputs, const torch::Tensor& targets,
                      Scaling kind);

}  // namespace graft
