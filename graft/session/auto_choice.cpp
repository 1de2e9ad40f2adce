#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "graft/core/error.h"
#include "graft/session/auto_search.h"

namespace graft {

Outcomes same_pictures(const Outcomes& from, const Outcomes& of) {
  std::unordered_map<std::uint32_t, std::uint32_t> rows;
  for (std::size_t i = 0; i < from.outcomes.size(); ++i)
    rows.emplace(from.outcomes[i].index, static_cast<std::uint32_t>(i));
  std::vector<std::uint32_t> chosen;
  for (const Outcome& outcome : of.outcomes) {
    const auto row = rows.find(outcome.index);
    if (row == rows.end()) throw Error("auto", "a picture was readable for one network only");
    chosen.push_back(row->second);
  }
  return select_outcomes(from, chosen);
}

LossDifference loss_difference(const Outcomes& a, const Outcomes& b) {
  const std::size_t count = std::min(a.outcomes.size(), b.outcomes.size());
  if (count == 0) return {};
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double difference = a.outcomes[i].loss - b.outcomes[i].loss;
    sum += difference;
    squares += difference * difference;
  }
  const auto n = static_cast<double>(count);
  const double mean = sum / n;
  const double variance = count > 1 ? std::max(0.0, (squares - n * mean * mean) / (n - 1)) : 0;
  return {mean, std::sqrt(variance / n)};
}

bool proves_itself(const Outcomes& costlier, const Outcomes& before, const MetricFunction& metrics) {
  const MetricValues values = metrics(before);
  if (values.empty()) return false;
  const std::string& key = values.front().key;
  const auto gain = paired_difference(before, costlier, key, metrics);
  const bool is_certain = gain && is_significant(*gain);
  const bool is_better_metric = is_certain && is_better(find_metric(key), gain->difference, 0);
  const LossDifference loss = loss_difference(costlier, before);
  return is_better_metric || (!is_certain && loss.mean + loss.standard_error < 0);
}

}  // namespace graft
