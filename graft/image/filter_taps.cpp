#include "graft/image/filter_taps.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace graft {
namespace {

struct Filter {
  double (*weight)(double distance);
  double support;  // the weight is 0 from this distance
};

double triangle(double x) {
  x = std::abs(x);
  return x < 1.0 ? 1.0 - x : 0.0;
}

// Keys, "Cubic convolution interpolation for digital image processing", 1981, with a = -0.5. The order of the
// operations is Pillow's: another order would round differently.
double cubic(double x) {
  constexpr double a = -0.5;
  x = std::abs(x);
  if (x < 1.0) return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
  if (x < 2.0) return (((x - 5) * x + 8) * x - 4) * a;
  return 0.0;
}

double sinc(double x) {
  if (x == 0.0) return 1.0;
  x *= std::numbers::pi;
  return std::sin(x) / x;
}

double lanczos(double x) { return -3.0 <= x && x < 3.0 ? sinc(x) * sinc(x / 3) : 0.0; }

Filter filter_of(Interpolation interpolation) {
  switch (interpolation) {
    case Interpolation::bicubic:
      return {cubic, 2.0};
    case Interpolation::lanczos:
      return {lanczos, 3.0};
    default:
      return {triangle, 1.0};
  }
}

std::int32_t to_fixed(double weight) {
  const double scaled = weight * (1 << weight_bits);
  return static_cast<std::int32_t>(weight < 0 ? scaled - 0.5 : scaled + 0.5);
}

// Negative values round towards zero; callers clamp them to 0.
int rounded(double x) {
  return static_cast<int>(x + 0.5);
}  // NOLINT(bugprone-incorrect-roundings): as Pillow

// The inputs of each output. They move to the right with the outputs.
struct Sampling {
  Sampling(const AxisResize& axis, const Filter& filter)
      : start(axis.start),
        scale(axis.extent / axis.out_size),
        support(filter.support * std::max(scale, 1.0)),  // antialiasing: shrinking widens the filter
        inverse(1.0 / std::max(scale, 1.0)),
        end(axis.in_end()) {}

  double center(int output) const { return start + (output + 0.5) * scale; }
  InputRange inputs(int output) const {
    return {std::max(rounded(center(output) - support), 0), std::min(rounded(center(output) + support), end)};
  }

  double start, scale, support, inverse;
  int end;
};

}  // namespace

int AxisResize::in_end() const { return static_cast<int>(std::ceil(start + extent)); }

FilterTaps filter_taps(const AxisResize& axis, Interpolation interpolation) {
  const Filter filter = filter_of(interpolation);
  const Sampling sampling(axis, filter);
  FilterTaps taps;
  for (int i = 0; i < axis.outputs; ++i) {
    const InputRange inputs = sampling.inputs(axis.begin + i);
    taps.first.push_back(inputs.first);
    taps.count.push_back(inputs.end - inputs.first);
  }
  taps.stride = *std::max_element(taps.count.begin(), taps.count.end());
  const auto stride = static_cast<std::size_t>(taps.stride);
  taps.weights.assign(taps.first.size() * stride, 0);
  std::vector<double> exact(stride);
  for (std::size_t i = 0; i < taps.first.size(); ++i) {
    const double center = sampling.center(axis.begin + static_cast<int>(i));
    const auto count = static_cast<std::size_t>(taps.count[i]);
    double sum = 0.0;
    for (std::size_t t = 0; t < count; ++t) {
      exact[t] = filter.weight((taps.first[i] + static_cast<int>(t) - center + 0.5) * sampling.inverse);
      sum += exact[t];
    }
    for (std::size_t t = 0; t < count; ++t) taps.weights[i * stride + t] = to_fixed(exact[t] / sum);
  }
  return taps;
}

InputRange input_range(const AxisResize& axis, Interpolation interpolation) {
  const Sampling sampling(axis, filter_of(interpolation));
  return {sampling.inputs(axis.begin).first, sampling.inputs(axis.begin + axis.outputs - 1).end};
}

}  // namespace graft
