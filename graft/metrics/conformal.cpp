#include "graft/metrics/conformal.h"

#include <algorithm>
#include <cmath>

namespace graft {
namespace {

constexpr std::size_t most_scores = 10'000;
// Of rounding, so that 0.9 · 10 is 9.
constexpr double slack = 1e-9;

// The rank of the score, from 1, that the sets of `count` scores need: ⌈(count + 1) · coverage⌉.
std::size_t rank_of(std::size_t count, double coverage) {
  return static_cast<std::size_t>(std::ceil(static_cast<double>(count + 1) * coverage - slack));
}

}  // namespace

std::vector<float> conformal_scores(const std::vector<Outcome>& outcomes) {
  std::vector<float> scores;
  scores.reserve(outcomes.size());
  for (const Outcome& each : outcomes) scores.push_back(static_cast<float>(1 - std::exp(-each.loss)));
  std::sort(scores.begin(), scores.end());
  if (scores.size() <= most_scores) return scores;
  std::vector<float> quantiles;
  for (std::size_t i = 1; i <= most_scores; ++i)
    quantiles.push_back(scores[(i * scores.size() + most_scores - 1) / most_scores - 1]);
  return quantiles;
}

double set_threshold(std::span<const float> scores, double coverage) {
  const std::size_t rank = rank_of(scores.size(), coverage);
  // The scores are float32: a probability of a picture with that score must reach the threshold.
  return rank > scores.size() ? 0 : std::max(0.0, 1.0 - static_cast<double>(scores[rank - 1]) - 1e-7);
}

std::size_t least_scores(double coverage) {
  return static_cast<std::size_t>(std::ceil(coverage / (1 - coverage) - slack));
}

std::vector<ClassScore> prediction_set(std::span<const ClassScore> scores, double threshold) {
  std::vector<ClassScore> set;
  for (const ClassScore& each : scores) {
    if (set.empty() || each.probability >= threshold) set.push_back(each);
  }
  return set;
}

}  // namespace graft
