#include "graft/deploy/calibration.h"

#include <algorithm>

namespace graft {
namespace {

constexpr std::int64_t bins = 4096;

}  // namespace

void Histogram::add(const torch::Tensor& values) {
  const auto [least, greatest] = torch::aminmax(values);
  least_ = std::min(least_, least.item<double>());
  greatest_ = std::max(greatest_, greatest.item<double>());
  const double limit = std::max(-least_, greatest_);
  if (limit == 0) {
    total_ += static_cast<double>(values.numel());
    return;
  }
  if (counts_.empty()) {
    counts_.assign(bins, 0);
    counts_[bins / 2] = total_;  // zeros
    limit_ = limit;
  }
  while (limit_ < limit) {  // twice the range: two bins become one
    std::vector<double> wider(bins, 0);
    for (std::int64_t i = 0; i < bins; ++i)
      wider[static_cast<std::size_t>(bins / 4 + i / 2)] += counts_[static_cast<std::size_t>(i)];
    counts_ = std::move(wider);
    limit_ *= 2;
  }
  const torch::Tensor counts = torch::histc(values.to(torch::kFloat32), bins, -limit_, limit_);
  const float* count = counts.const_data_ptr<float>();
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += static_cast<double>(count[i]);
  total_ += static_cast<double>(values.numel());
}

std::pair<double, double> Histogram::range(double percentile) const {
  if (counts_.empty()) return {};
  const double outside = (1 - percentile) / 2 * total_, width = 2 * limit_ / static_cast<double>(bins);
  std::int64_t first = 0, last = bins - 1;
  for (double sum = 0; first < bins / 2 && (sum += counts_[static_cast<std::size_t>(first)]) <= outside;)
    ++first;
  for (double sum = 0; last >= bins / 2 && (sum += counts_[static_cast<std::size_t>(last)]) <= outside;)
    --last;
  return {std::max(least_, -limit_ + static_cast<double>(first) * width),
          std::min(greatest_, -limit_ + static_cast<double>(last + 1) * width)};
}

Calibration::Calibration(const OnnxGraph& graph, const std::vector<std::string>& values) : runner_(graph) {
  for (const std::string& value : values) histograms_[value];
}

void Calibration::add(const torch::Tensor& images) {
  runner_.run(images, [&](const std::string& name, const torch::Tensor& value) {
    const auto found = histograms_.find(name);
    if (found == histograms_.end()) return;
    found->second.add(value);
    const std::int64_t channels = value.dim() == 4 ? 1 : value.dim() - 1;
    std::vector<std::int64_t> others;
    for (std::int64_t d = 0; d < value.dim(); ++d) {
      if (d != channels) others.push_back(d);
    }
    const torch::Tensor mean = value.mean(others) * static_cast<double>(images.size(0));
    torch::Tensor& sum = sums_[name];
    sum = sum.defined() ? sum + mean : mean;
  });
  images_ += images.size(0);
}

GraphStatistics Calibration::statistics(double percentile) const {
  GraphStatistics result;
  for (const auto& [name, histogram] : histograms_) {
    const auto [low, high] = histogram.range(percentile);
    const torch::Tensor means = (sums_.at(name) / images_).to(torch::kFloat64).contiguous();
    result[name] = {
        low, high, {means.const_data_ptr<double>(), means.const_data_ptr<double>() + means.numel()}};
  }
  return result;
}

}  // namespace graft
