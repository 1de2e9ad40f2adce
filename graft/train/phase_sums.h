// Loss and metric of a phase, summed on the training device.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "graft/device/device.h"
#include "graft/device/precision_probe.h"
#include "graft/device/torch.h"
#include "graft/train/own_parts.h"

namespace graft {

struct PhaseMetrics {
  double loss = 0;         // mean over the samples of the steps; 0 for none
  double metric = 0;       // mean of the values over the samples: Task::train_metric()
  std::int64_t steps = 0;  // without skipped ones
  std::int64_t skipped_steps = 0;
};

// Sums that stay on the device: reading one would make the host wait for every step. Sums are float64 if the
// device supports it, like the reference's Python floats.
class PhaseSums {
 public:
  // `counts_hits`: the values are Boolean and are counted.
  PhaseSums(const torch::Device& device, bool counts_hits)
      : counts_hits_(counts_hits),
        loss_(torch::zeros({}, torch::TensorOptions().device(device).dtype(widest_float(device)))),
        values_(torch::zeros_like(loss_)),
        counts_(torch::zeros({4}, torch::TensorOptions().device(device).dtype(torch::kInt64))),
        first_bad_(torch::full({}, none, torch::TensorOptions().device(device).dtype(torch::kInt64))) {}

  void reset() {
    loss_.zero_();
    values_.zero_();
    counts_.zero_();
    first_bad_.fill_(none);
  }
  // values: N, from Task::train_values().
  void add(const torch::Tensor& mean_loss, const torch::Tensor& values) {
    const torch::Tensor loss = mean_loss.detach().to(loss_.scalar_type());
    const torch::Tensor step = counts_[steps] + counts_[skipped];
    first_bad_.copy_(torch::where(loss.isfinite(), first_bad_, torch::minimum(first_bad_, step)));
    loss_.add_(loss * values.size(0));
    if (counts_hits_) {
      counts_[hits].add_(values.sum().to(torch::kInt64));
    } else {
      values_.add_(values.to(values_.scalar_type()).sum());
    }
    counts_[samples].add_(values.size(0));
    counts_[steps].add_(1);
  }
  // Counts a skipped step.
  void skip() { counts_[skipped].add_(1); }

  PhaseMetrics metrics() const {
    const torch::Tensor counts = counts_.cpu();
    const auto count = [&](Count i) { return counts[i].item<std::int64_t>(); };
    const auto n = static_cast<double>(count(samples));
    if (count(samples) == 0) return {0, 0, 0, count(skipped)};
    const double sum = counts_hits_ ? static_cast<double>(count(hits)) : values_.item<double>();
    return {loss_.item<double>() / n, sum / n, count(steps), count(skipped)};
  }
  // The first added step whose loss was not finite, counting skipped ones.
  std::optional<std::int64_t> first_bad_step() const {
    const auto step = first_bad_.item<std::int64_t>();
    return step == none ? std::nullopt : std::optional(step);
  }
  std::vector<torch::Tensor> state() const {
    std::vector<torch::Tensor> tensors = {loss_, counts_, first_bad_};
    if (!counts_hits_) tensors.push_back(values_);
    return tensors;
  }

  // The sums over all ranks. A step of all ranks counts as one.
  PhaseSums over_ranks(GradientSync& sync) const {
    if (sync.world_size() == 1) return *this;
    const auto all = [&](const torch::Tensor& tensor) {
      return torch::stack(sync.gather(tensor.detach().cpu().reshape(-1)));
    };
    PhaseSums sums(torch::kCPU, counts_hits_);
    sums.loss_.copy_(all(loss_).sum());
    sums.values_.copy_(all(values_).sum());
    sums.first_bad_.copy_(all(first_bad_).min());
    const torch::Tensor counts = all(counts_);
    sums.counts_.copy_(counts[0]);
    for (const Count count : {hits, samples}) sums.counts_[count].copy_(counts.select(1, count).sum());
    return sums;
  }

 private:
  enum Count { hits, samples, steps, skipped };
  static constexpr std::int64_t none = std::int64_t{1} << 62;

  bool counts_hits_;
  torch::Tensor loss_, values_, counts_, first_bad_;
};

}  // namespace graft
