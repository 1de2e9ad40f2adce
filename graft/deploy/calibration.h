// The ranges of a graph's values on real pictures, for their quantisation.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "graft/deploy/run_graph.h"
#include "graft/device/torch.h"

namespace graft {

struct ValueStatistics {
  double low = 0, high = 0;
  std::vector<double> means;  // of channels: dimension 1 of images, the last of others
};
using GraphStatistics = std::map<std::string, ValueStatistics>;

// The distribution of numbers that come one after another, in bins of equal width.
class Histogram {
 public:
  void add(const torch::Tensor& values);
  // The range without the share (1 − percentile) of the numbers, half of it at each end.
  std::pair<double, double> range(double percentile) const;

 private:
  std::vector<double> counts_;  // from −limit_ to limit_
  double limit_ = 0, total_ = 0;
  double least_ = 0, greatest_ = 0;  // including 0
};

// Runs a graph on pictures and keeps the distributions of some of its values.
class Calibration {
 public:
  Calibration(const OnnxGraph& graph, const std::vector<std::string>& values);

  // images: the graph's input.
  void add(const torch::Tensor& images);
  GraphStatistics statistics(double percentile) const;

 private:
  GraphRunner runner_;
  std::map<std::string, Histogram> histograms_;
  std::map<std::string, torch::Tensor> sums_;  // of images' means
  std::int64_t images_ = 0;
};

}  // namespace graft
