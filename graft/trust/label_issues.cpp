#include "graft/trust/label_issues.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

#include "graft/core/error.h"

namespace graft {
namespace {

// The constants of cleanlab (internal/constants.py).
constexpr double tolerance = 1e-6;
constexpr double least_threshold = 2e-6;
constexpr double threshold_without_samples = 2;  // no probability reaches it

// A row of the confident joint: samples of one label, by class. Most are 0, and these have no entry.
using CountRow = std::map<std::size_t, std::int64_t>;
using Joint = std::vector<CountRow>;

void check_probabilities(const ProbabilityRows& probabilities, std::span<const std::int64_t> labels) {
  if (probabilities.classes == 0 || probabilities.values.size() != labels.size() * probabilities.classes)
    throw UsageError("`probabilities`", "do not have a row for each label", "give N×classes values");
  const auto is_class = [&](std::int64_t label) {
    return label >= 0 && static_cast<std::size_t>(label) < probabilities.classes;
  };
  if (!std::all_of(labels.begin(), labels.end(), is_class))
    throw UsageError("`labels`", "have a number that is not the index of a class", "count classes from 0");
  if (!std::all_of(probabilities.values.begin(), probabilities.values.end(),
                   [](float value) { return std::isfinite(value); }))
    throw Error("probabilities", "have a value that is not finite", "look for the cause in the model");
}

std::vector<std::int64_t> counts_of(std::span<const std::int64_t> labels, std::size_t classes) {
  std::vector<std::int64_t> counts(classes, 0);
  for (const std::int64_t label : labels) ++counts[static_cast<std::size_t>(label)];
  return counts;
}

std::vector<double> class_thresholds(const ProbabilityRows& probabilities,
                                     std::span<const std::int64_t> labels,
                                     const std::vector<std::int64_t>& counts) {
  std::vector<double> thresholds(probabilities.classes, 0);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto label = static_cast<std::size_t>(labels[i]);
    thresholds[label] += static_cast<double>(probabilities.row(i)[label]);
  }
  for (std::size_t k = 0; k < thresholds.size(); ++k) {
    thresholds[k] = counts[k] == 0
                        ? threshold_without_samples
                        : std::max(thresholds[k] / static_cast<double>(counts[k]), least_threshold);
  }
  return thresholds;
}

// The class for which a sample counts; `classes` for none.
std::size_t confident_class(std::span<const float> row, const std::vector<double>& thresholds) {
  std::size_t first = row.size(), count = 0;
  for (std::size_t k = 0; k < row.size(); ++k) {
    if (static_cast<double>(row[k]) < thresholds[k] - tolerance) continue;
    if (count++ == 0) first = k;
  }
  if (count <= 1) return first;
  return static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin());
}

Joint confident_joint(const ProbabilityRows& probabilities, std::span<const std::int64_t> labels,
                      const std::vector<double>& thresholds) {
  Joint joint(probabilities.classes);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::size_t k = confident_class(probabilities.row(i), thresholds);
    if (k < probabilities.classes) ++joint[static_cast<std::size_t>(labels[i])][k];
  }
  for (std::size_t k = 0; k < joint.size(); ++k) joint[k][k] = std::max<std::int64_t>(joint[k][k], 1);
  return joint;
}

// Rounds the values so that their sum is that of the values, rounded: the values that rounding changed most
// take the difference.
std::vector<std::int64_t> round_with_sum(const std::vector<double>& values) {
  std::vector<double> whole;
  for (const double value : values) whole.push_back(std::nearbyint(value));
  const double sum = std::nearbyint(std::accumulate(values.begin(), values.end(), 0.0));
  std::vector<std::size_t> order(values.size());
  for (double left = sum - std::accumulate(whole.begin(), whole.end(), 0.0); left != 0;
       left = sum - std::accumulate(whole.begin(), whole.end(), 0.0)) {
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return values[a] - whole[a] < values[b] - whole[b];
    });
    if (left > 0) std::reverse(order.begin(), order.end());
    const auto changes = std::min(static_cast<std::size_t>(std::abs(left)), order.size());
    for (std::size_t i = 0; i < changes; ++i) whole[order[i]] += left > 0 ? 1 : -1;
  }
  return {whole.begin(), whole.end()};
}

// A value of an array that is 0 elsewhere, and its place.
struct PlacedValue {
  std::size_t place;
  double value;
};

// The sum of the array's values from `begin` to `end`, added in NumPy's order (pairwise_sum of its
// loops_utils.h): whether a count of exactly ½ is rounded up depends on the last bit of the sum.
double pairwise_sum(std::span<const PlacedValue> values, std::size_t begin, std::size_t end) {
  constexpr std::size_t block = 128, lanes = 8;
  const std::size_t size = end - begin;
  if (values.empty()) return 0;
  if (size > block) {
    const std::size_t middle = begin + size / 2 - size / 2 % lanes;
    const auto split = std::partition_point(values.begin(), values.end(),
                                            [&](const PlacedValue& each) { return each.place < middle; });
    const auto first = static_cast<std::size_t>(split - values.begin());
    return pairwise_sum(values.first(first), begin, middle) +
           pairwise_sum(values.subspan(first), middle, end);
  }
  const std::size_t whole = size < lanes ? 0 : size - size % lanes;
  std::array<double, lanes> sums{};
  for (const PlacedValue& each : values) {
    if (each.place - begin < whole) sums[(each.place - begin) % lanes] += each.value;
  }
  double sum = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
  for (const PlacedValue& each : values) {
    if (each.place - begin >= whole) sum += each.value;
  }
  return sum;
}

// The sum of the joint, class by class.
double sum_of(const Joint& joint, const std::vector<std::vector<double>>& rows) {
  std::vector<PlacedValue> values;
  for (std::size_t label = 0; label < joint.size(); ++label) {
    std::size_t i = 0;
    for (const auto& [k, count] : joint[label])
      values.push_back({k * joint.size() + label, rows[label][i++]});
  }
  std::sort(values.begin(), values.end(),
            [](const PlacedValue& a, const PlacedValue& b) { return a.place < b.place; });
  return pairwise_sum(values, 0, joint.size() * joint.size());
}

// Scales the rows to the number of samples of each label, in whole numbers.
void calibrate(Joint& joint, const std::vector<std::int64_t>& counts) {
  std::vector<std::vector<double>> rows(joint.size());
  for (std::size_t label = 0; label < joint.size(); ++label) {
    double total = 0;
    for (const auto& [k, count] : joint[label]) total += static_cast<double>(count);
    for (const auto& [k, count] : joint[label])
      rows[label].push_back(static_cast<double>(count) / total * static_cast<double>(counts[label]));
  }
  const double sum = sum_of(joint, rows);
  const auto samples = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}));
  for (std::size_t label = 0; label < joint.size(); ++label) {
    for (double& value : rows[label]) value = value / std::max(sum, 1e-100) * samples;
    const std::vector<std::int64_t> whole = round_with_sum(rows[label]);
    std::size_t i = 0;
    for (auto& [k, count] : joint[label]) count = whole[i++];
  }
}

// Leaves at least one sample of the label: what its own class lacks is taken from the others in equal parts.
void keep_one(CountRow& row, std::size_t label) {
  const std::int64_t lacking = std::max<std::int64_t>(1 - row[label], 0);
  if (lacking == 0) return;
  const auto entries =
      std::count_if(row.begin(), row.end(), [](const auto& entry) { return entry.second != 0; });
  const double part = static_cast<double>(lacking) / std::max(static_cast<double>(entries) - 1, 1.0);
  for (auto& [k, count] : row)
    count = k == label ? count + lacking
                       : static_cast<std::int64_t>(std::max(static_cast<double>(count) - part, 0.0));
}

// Marks the `count` members with the largest difference between the probabilities of class k and of their
// label.
void mark_likeliest(const ProbabilityRows& probabilities, const std::vector<std::size_t>& members,
                    std::size_t label, std::size_t k, std::size_t count, std::vector<bool>& marked) {
  std::vector<std::pair<double, std::size_t>> margins;
  for (const std::size_t i : members) {
    const auto row = probabilities.row(i);
    margins.emplace_back(static_cast<double>(row[label]) - static_cast<double>(row[k]), i);
  }
  const std::size_t chosen = std::min(count, margins.size());
  std::partial_sort(margins.begin(), margins.begin() + static_cast<std::ptrdiff_t>(chosen), margins.end());
  for (std::size_t i = 0; i < chosen; ++i) marked[margins[i].second] = true;
}

std::vector<bool> mark_by_noise_rate(const ProbabilityRows& probabilities,
                                     std::span<const std::int64_t> labels, Joint joint) {
  std::vector<std::vector<std::size_t>> members(probabilities.classes);
  for (std::size_t i = 0; i < labels.size(); ++i) members[static_cast<std::size_t>(labels[i])].push_back(i);
  std::vector<bool> marked(labels.size(), false);
  for (std::size_t label = 0; label < joint.size(); ++label) {
    if (members[label].size() < 2) continue;
    keep_one(joint[label], label);
    for (const auto& [k, count] : joint[label]) {
      if (k != label && count > 0)
        mark_likeliest(probabilities, members[label], label, k, static_cast<std::size_t>(count), marked);
    }
  }
  return marked;
}

// The most probable class, where the label is preferred to an equally probable one.
std::size_t likeliest_class(std::span<const float> row, std::size_t label) {
  std::size_t best = 0;
  const auto value = [&](std::size_t k) {
    return static_cast<double>(row[k]) + (k == label ? tolerance : 0.0);
  };
  for (std::size_t k = 1; k < row.size(); ++k) {
    if (value(k) > value(best)) best = k;
  }
  return best;
}

}  // namespace

std::vector<LabelIssue> find_label_issues(const ProbabilityRows& probabilities,
                                          std::span<const std::int64_t> labels) {
  if (labels.empty()) return {};
  check_probabilities(probabilities, labels);
  const std::vector<std::int64_t> counts = counts_of(labels, probabilities.classes);
  Joint joint = confident_joint(probabilities, labels, class_thresholds(probabilities, labels, counts));
  calibrate(joint, counts);
  const std::vector<bool> marked = mark_by_noise_rate(probabilities, labels, std::move(joint));
  std::vector<LabelIssue> issues;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto label = static_cast<std::size_t>(labels[i]);
    const std::size_t likeliest = likeliest_class(probabilities.row(i), label);
    if (marked[i] && likeliest != label)
      issues.push_back({i, likeliest, static_cast<double>(probabilities.row(i)[label])});
  }
  std::stable_sort(issues.begin(), issues.end(), [](const LabelIssue& a, const LabelIssue& b) {
    return a.self_confidence < b.self_confidence;
  });
  return issues;
}

std::vector<ClassIssue> find_class_issues(const LabelTable& table) {
  const std::size_t rows = table.rows(), classes = static_cast<std::size_t>(table.classes);
  std::vector<ClassIssue> issues;
  std::vector<float> has_or_not(rows * 2);
  std::vector<std::int64_t> labels(rows);
  for (std::size_t k = 0; k < classes; ++k) {
    for (std::size_t i = 0; i < rows; ++i) {
      has_or_not[2 * i] = 1 - table.scores[i * classes + k];
      has_or_not[2 * i + 1] = table.scores[i * classes + k];
      labels[i] = table.truth[i * classes + k];
    }
    for (const LabelIssue& issue : find_label_issues({has_or_not, 2}, labels))
      issues.push_back({issue.row, k, issue.self_confidence});
  }
  std::sort(issues.begin(), issues.end(), [](const ClassIssue& a, const ClassIssue& b) {
    return std::pair(a.row, a.index) < std::pair(b.row, b.index);
  });
  return issues;
}

}  // namespace graft
