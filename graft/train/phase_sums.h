// Loss and hits of a phase, added up where the network computes.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <vector>

#include "graft/device/device.h"

namespace graft {

struct PhaseFigures {
  double loss = 0;  // mean over the samples
  double accuracy = 0;
};

// Sums that stay on the device: reading one would make the host wait for every step. Long epochs are summed
// in float64 where the device has it, as the reference's Python floats are.
class PhaseSums {
 public:
  explicit PhaseSums(const torch::Device& device)
      : loss_(torch::zeros({}, torch::TensorOptions().device(device).dtype(widest_float(device)))),
        correct_(torch::zeros({}, torch::TensorOptions().device(device).dtype(torch::kInt64))) {}

  void reset() {
    loss_.zero_();
    correct_.zero_();
  }
  // logits: N×classes; labels: N.
  void add(const torch::Tensor& mean_loss, const torch::Tensor& logits, const torch::Tensor& labels) {
    loss_.add_(mean_loss.detach().to(loss_.scalar_type()) * labels.size(0));
    correct_.add_(logits.argmax(1).eq(labels).sum());
  }
  PhaseFigures figures(std::int64_t count) const {
    const auto n = static_cast<double>(count);
    return {loss_.item<double>() / n, static_cast<double>(correct_.item<std::int64_t>()) / n};
  }
  std::vector<torch::Tensor> state() const { return {loss_, correct_}; }

 private:
  torch::Tensor loss_, correct_;
};

}  // namespace graft
