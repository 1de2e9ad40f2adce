// Loss and hits of a phase, added up where the network computes.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "graft/device/device.h"
#include "graft/train/gradient_sync.h"

namespace graft {

struct PhaseFigures {
  double loss = 0;  // mean over the samples of the steps; 0 for none
  double accuracy = 0;
  std::int64_t steps = 0;  // skipped ones left out
  std::int64_t skipped_steps = 0;
};

// Sums that stay on the device: reading one would make the host wait for every step. Long epochs are summed
// in float64 where the device has it, as the reference's Python floats are.
class PhaseSums {
 public:
  explicit PhaseSums(const torch::Device& device)
      : loss_(torch::zeros({}, torch::TensorOptions().device(device).dtype(widest_float(device)))),
        counts_(torch::zeros({4}, torch::TensorOptions().device(device).dtype(torch::kInt64))),
        first_bad_(torch::full({}, none, torch::TensorOptions().device(device).dtype(torch::kInt64))) {}

  void reset() {
    loss_.zero_();
    counts_.zero_();
    first_bad_.fill_(none);
  }
  // right: N, whether each sample is predicted right.
  void add(const torch::Tensor& mean_loss, const torch::Tensor& right) {
    const torch::Tensor loss = mean_loss.detach().to(loss_.scalar_type());
    const torch::Tensor step = counts_[steps] + counts_[skipped];
    first_bad_.copy_(torch::where(loss.isfinite(), first_bad_, torch::minimum(first_bad_, step)));
    loss_.add_(loss * right.size(0));
    counts_[correct].add_(right.sum());
    counts_[samples].add_(right.size(0));
    counts_[steps].add_(1);
  }
  // A step that was left out.
  void skip() { counts_[skipped].add_(1); }

  PhaseFigures figures() const {
    const torch::Tensor counts = counts_.cpu();
    const auto count = [&](Count i) { return counts[i].item<std::int64_t>(); };
    const auto n = static_cast<double>(count(samples));
    if (count(samples) == 0) return {0, 0, 0, count(skipped)};
    return {loss_.item<double>() / n, static_cast<double>(count(correct)) / n, count(steps), count(skipped)};
  }
  // The first step that was added whose loss was not finite, skipped ones counted.
  std::optional<std::int64_t> first_bad_step() const {
    const auto step = first_bad_.item<std::int64_t>();
    return step == none ? std::nullopt : std::optional(step);
  }
  std::vector<torch::Tensor> state() const { return {loss_, counts_, first_bad_}; }

  // Those of all ranks. A step is one of all ranks together.
  PhaseSums over_ranks(GradientSync& sync) const {
    if (sync.world_size() == 1) return *this;
    const auto all = [&](const torch::Tensor& tensor) {
      return torch::stack(sync.gather(tensor.detach().cpu().reshape(-1)));
    };
    PhaseSums sums(torch::kCPU);
    sums.loss_.copy_(all(loss_).sum());
    sums.first_bad_.copy_(all(first_bad_).min());
    const torch::Tensor counts = all(counts_);
    sums.counts_.copy_(counts[0]);
    for (const Count count : {correct, samples}) sums.counts_[count].copy_(counts.select(1, count).sum());
    return sums;
  }

 private:
  enum Count { correct, samples, steps, skipped };
  static constexpr std::int64_t none = std::int64_t{1} << 62;

  torch::Tensor loss_, counts_, first_bad_;
};

}  // namespace graft
