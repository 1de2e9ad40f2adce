// The scale of a regression model: mean and standard deviation of its training targets, and the valid ones.
#pragma once

#include <cmath>
#include <span>

#include "graft/metrics/outcomes.h"

namespace graft {

// `numbers` are not empty.
inline TaskSpec scale_of(std::span<const double> numbers) {
  const auto count = static_cast<double>(numbers.size());
  TaskSpec spec{LabelKind::number, 0, 0};
  for (const double number : numbers) spec.mean += number / count;
  double squares = 0;
  for (const double number : numbers) squares += std::pow(number - spec.mean, 2) / count;
  spec.scale = std::sqrt(squares);
  return spec;
}

inline constexpr const char* unusable_numbers =
    "the numbers are too large, too small or too near to each other";

// Outputs are float32: the scale must stay far from its limits.
inline bool is_usable(const TaskSpec& spec) {
  constexpr double smallest = 1e-30, largest = 1e30;
  return spec.scale >= smallest && spec.scale <= largest && std::abs(spec.mean) <= largest;
}

}  // namespace graft
