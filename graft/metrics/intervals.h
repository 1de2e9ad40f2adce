// How far a metric may be from its value on other pictures of the same kind: 95 % confidence intervals, and
// tests of the difference between two models on the same pictures. All assume that the pictures are
// independent: with several pictures of one object, or of one patient, the intervals are too narrow.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "graft/metrics/metric.h"
#include "graft/metrics/outcomes.h"

namespace graft {

struct Interval {
  double low = 0, high = 0;

  bool operator==(const Interval&) const = default;
};

// Of a share: the score interval of Wilson, "Probable Inference, the Law of Succession, and Statistical
// Inference" (1927), without continuity correction. 0 to 1 for no trials. 0 ≤ successes ≤ trials.
Interval wilson_interval(std::int64_t successes, std::int64_t trials);

// Computes metrics of the outcomes of one model.
using MetricFunction = std::function<MetricValues(const Outcomes&)>;

// An interval of each metric that `metrics` gives and metric.h has. Accuracies: wilson_interval(). Others:
// the percentiles of the Bayesian bootstrap of Rubin, "The Bayesian Bootstrap" (1981), with 1,000 resamples
// (fewer, at least 100, for more than a million scores), those without a finite value left out. A resample
// gives each picture a random weight above 0. A resample that draws pictures instead would lose rare classes,
// and all but one value of a number that is nearly constant, so that it measures another quantity.
// Deterministic. Empty for fewer than two outcomes.
struct MetricInterval {
  std::string key;  // of the metric
  Interval interval;

  bool operator==(const MetricInterval&) const = default;
};
using MetricIntervals = std::vector<MetricInterval>;
MetricIntervals metric_intervals(const Outcomes& outcomes, const MetricFunction& metrics);
// Null if absent.
const Interval* interval_of(const MetricIntervals& intervals, const std::string& key);

// The pictures of which exactly one of two models is right.
struct Discordant {
  std::int64_t only_a = 0, only_b = 0;

  bool operator==(const Discordant&) const = default;
};

// The difference of a metric between two models, b − a, on the same pictures.
struct PairedDifference {
  double difference = 0;
  // 95 %. Accuracy: the inverse of the test below, so that it holds 0 exactly if p is at least 0.05: with the
  // exact interval of Clopper and Pearson, "The Use of Confidence or Fiducial Limits Illustrated in the Case
  // of the Binomial" (1934), of b's share of the discordant pictures, discordant / samples · (2 · share − 1).
  // Others: paired Bayesian bootstrap, the same weights for both models.
  Interval interval;
  // The probability of a difference at least this large if neither model is better. Accuracy: the exact
  // two-sided test of McNemar (1947). Others: from the paired bootstrap, at least 1 / (samples + 1).
  double p = 1;
  std::size_t samples = 0;                    // pictures
  std::optional<Discordant> discordant = {};  // of an accuracy
};

// Whether the difference is more than chance: p below 0.05.
bool is_significant(const PairedDifference& difference);

// The exact 95 % interval of a share (Clopper and Pearson, 1934). 0 to 1 for no trials.
Interval clopper_pearson_interval(std::int64_t successes, std::int64_t trials);

// Of pictures of which exactly one model is right.
double mcnemar_p(std::int64_t only_a_right, std::int64_t only_b_right);

// `a` and `b` hold the outcomes of the same pictures in the same order. `key`: of one of `metrics`' values.
// Empty for fewer than two pictures.
std::optional<PairedDifference> paired_difference(const Outcomes& a, const Outcomes& b,
                                                  const std::string& key, const MetricFunction& metrics);

}  // namespace graft
