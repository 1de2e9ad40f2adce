// Metrics of outcomes that have weights, as scikit-learn's with sample_weight. Internal.
//
//   const WeightedMetric map = weighted_metric(outcomes, "map");
//   const double value = map(weights);  // as often as needed: the scores are sorted once
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "graft/metrics/outcomes.h"

namespace graft {

// The answers for one class, by descending score.
class RankedAnswers {
 public:
  // Fewer than 2³⁰ rows.
  RankedAnswers(const LabelTable& labels, std::size_t column);

  // average_precision_score(sample_weight=weights). `weights`: one for each row. 0 if no picture has the
  // class.
  double average_precision(std::span<const double> weights) const;
  bool has_pictures() const { return has_pictures_; }

 private:
  struct Answer {
    std::uint32_t row : 30;
    std::uint32_t is_true : 1;
    std::uint32_t ends_step : 1;  // the next score is smaller
  };
  std::vector<Answer> answers_;
  bool has_pictures_ = false;
};

// `weights`: one for each outcome, above 0.
using WeightedMetric = std::function<double(std::span<const double> weights)>;

// Empty for a key that is not in all_metrics(). `outcomes` must outlive it.
WeightedMetric weighted_metric(const Outcomes& outcomes, const std::string& key);

}  // namespace graft
