#include "graft/metrics/intervals.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "graft/core/random.h"
#include "graft/metrics/weighted_metrics.h"

namespace graft {
namespace {

constexpr double normal_quantile = 1.959963984540054;  // of 0.975
constexpr double tail = 0.025;
constexpr double significance_level = 0.05;
constexpr std::size_t most_resamples = 1000, fewest_resamples = 100;
constexpr std::size_t scores_in_all = 1'000'000'000;  // of all resamples

// The number of resamples for this many outcomes.
std::size_t count_resamples(const Outcomes& outcomes) {
  const std::size_t scores = std::max(outcomes.outcomes.size(), outcomes.labels.scores.size());
  return std::clamp(scores_in_all / std::max<std::size_t>(scores, 1), fewest_resamples, most_resamples);
}

// A weight of the exponential distribution for each picture.
std::vector<double> drawn_weights(std::size_t count, std::size_t resample) {
  Random random(0, resample, 0);
  std::vector<double> weights(count);
  for (double& each : weights) each = -std::log1p(-random.uniform());
  return weights;
}

// NumPy's percentile with the method "linear". `values` are not empty.
double quantile(const std::vector<double>& sorted, double share) {
  const double position = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  if (below + 1 >= sorted.size()) return sorted.back();
  return std::lerp(sorted[below], sorted[below + 1], position - static_cast<double>(below));
}

Interval percentiles(std::vector<double>& values) {
  std::sort(values.begin(), values.end());
  return {quantile(values, tail), quantile(values, 1 - tail)};
}

// The finite values of the metric in all resamples; none if most are not finite.
std::vector<double> bootstrapped(const Outcomes& outcomes, const WeightedMetric& metric) {
  const std::size_t resamples = count_resamples(outcomes);
  std::vector<double> values;
  for (std::size_t i = 0; i < resamples; ++i) {
    const double value = metric(drawn_weights(outcomes.outcomes.size(), i));
    if (std::isfinite(value)) values.push_back(value);
  }
  if (values.size() <= resamples / 2) values.clear();
  return values;
}

bool is_accuracy(const std::string& key) { return key == "acc" || key == "top5"; }

double log_binomial(std::int64_t n, std::int64_t k) {
  const auto log_factorial = [](std::int64_t m) { return std::lgamma(static_cast<double>(m) + 1); };
  return log_factorial(n) - log_factorial(k) - log_factorial(n - k);
}

// The probability of at most `most` successes in n trials. 0 < share < 1.
double binomial_tail(std::int64_t n, std::int64_t most, double share) {
  double sum = 0;
  for (std::int64_t k = 0; k <= most; ++k)
    sum += std::exp(log_binomial(n, k) + static_cast<double>(k) * std::log(share) +
                    static_cast<double>(n - k) * std::log1p(-share));
  return sum;
}

// The share of which `successes` or fewer are as improbable as `tail`.
double upper_limit(std::int64_t successes, std::int64_t trials) {
  if (successes >= trials) return 1;
  double low = 0, high = 1;
  for (int step = 0; step < 60; ++step) {
    const double middle = std::midpoint(low, high);
    (binomial_tail(trials, successes, middle) > tail ? low : high) = middle;
  }
  return high;
}

Discordant discordant_pictures(const Outcomes& a, const Outcomes& b) {
  Discordant found;
  for (std::size_t i = 0; i < a.outcomes.size(); ++i) {
    const bool a_right = a.outcomes[i].predicted == a.outcomes[i].label;
    const bool b_right = b.outcomes[i].predicted == b.outcomes[i].label;
    found.only_a += a_right && !b_right ? 1 : 0;
    found.only_b += b_right && !a_right ? 1 : 0;
  }
  return found;
}

// Without discordant pictures the interval is 0 to 0.
PairedDifference accuracy_difference(const Discordant& found, std::size_t samples) {
  const std::int64_t count = found.only_a + found.only_b;
  const Interval share = clopper_pearson_interval(found.only_b, count);
  const auto difference = [&](double wins) {
    return static_cast<double>(count) / static_cast<double>(samples) * (2 * wins - 1);
  };
  const double exact = static_cast<double>(found.only_b - found.only_a) / static_cast<double>(samples);
  return {exact, count == 0 ? Interval() : Interval{difference(share.low), difference(share.high)},
          mcnemar_p(found.only_a, found.only_b), samples, found};
}

}  // namespace

Interval wilson_interval(std::int64_t successes, std::int64_t trials) {
  if (trials <= 0) return {0, 1};
  const auto n = static_cast<double>(trials);
  const double share = static_cast<double>(successes) / n;
  const double square = normal_quantile * normal_quantile;
  const double centre = (share + square / (2 * n)) / (1 + square / n);
  const double half =
      normal_quantile / (1 + square / n) * std::sqrt(share * (1 - share) / n + square / (4 * n * n));
  // The ends are exact where rounding would leave a trace.
  return {successes == 0 ? 0 : std::max(0.0, centre - half),
          successes == trials ? 1 : std::min(1.0, centre + half)};
}

Interval clopper_pearson_interval(std::int64_t successes, std::int64_t trials) {
  if (trials <= 0) return {0, 1};
  return {1 - upper_limit(trials - successes, trials), upper_limit(successes, trials)};
}

MetricIntervals metric_intervals(const Outcomes& outcomes, const MetricFunction& metrics) {
  const std::size_t count = outcomes.outcomes.size();
  if (count < 2) return {};
  MetricIntervals intervals;
  for (const MetricValue& each : metrics(outcomes)) {
    if (is_accuracy(each.key)) {
      const auto trials = static_cast<std::int64_t>(count);
      intervals.push_back(
          {each.key, wilson_interval(std::llround(each.value * static_cast<double>(count)), trials)});
    } else if (const WeightedMetric metric = weighted_metric(outcomes, each.key)) {
      auto drawn = bootstrapped(outcomes, metric);
      if (!drawn.empty()) intervals.push_back({each.key, percentiles(drawn)});
    }
  }
  return intervals;
}

const Interval* interval_of(const MetricIntervals& intervals, const std::string& key) {
  const auto found =
      std::find_if(intervals.begin(), intervals.end(), [&](const auto& each) { return each.key == key; });
  return found == intervals.end() ? nullptr : &found->interval;
}

bool is_significant(const PairedDifference& difference) { return difference.p < significance_level; }

double mcnemar_p(std::int64_t only_a_right, std::int64_t only_b_right) {
  const std::int64_t n = only_a_right + only_b_right, least = std::min(only_a_right, only_b_right);
  if (2 * least == n) return 1;
  double one_tail = 0;
  for (std::int64_t k = 0; k <= least; ++k)
    one_tail += std::exp(log_binomial(n, k) - static_cast<double>(n) * std::log(2.0));
  return std::min(1.0, 2 * one_tail);
}

std::optional<PairedDifference> paired_difference(const Outcomes& a, const Outcomes& b,
                                                  const std::string& key, const MetricFunction& metrics) {
  const std::size_t count = a.outcomes.size();
  if (count < 2) return std::nullopt;
  const auto value = [&](const Outcomes& outcomes) {
    const MetricValues values = metrics(outcomes);
    const double* found = value_of(values, key);
    return found == nullptr ? std::nan("") : *found;
  };
  PairedDifference result{value(b) - value(a), {}, 1, count};
  const WeightedMetric of_a = weighted_metric(a, key), of_b = weighted_metric(b, key);
  if (!of_a || !std::isfinite(result.difference)) return std::nullopt;
  if (key == "acc") return accuracy_difference(discordant_pictures(a, b), count);
  auto differences =
      bootstrapped(a, [&](std::span<const double> weights) { return of_b(weights) - of_a(weights); });
  if (differences.empty()) return std::nullopt;
  result.interval = percentiles(differences);
  const auto at_most = std::count_if(differences.begin(), differences.end(), [](double d) { return d <= 0; });
  const auto at_least =
      std::count_if(differences.begin(), differences.end(), [](double d) { return d >= 0; });
  result.p = std::min(1.0, 2 * static_cast<double>(std::min(at_most, at_least) + 1) /
                               static_cast<double>(differences.size() + 1));
  return result;
}

}  // namespace graft
