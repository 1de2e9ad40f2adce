#include "graft/image/filter_taps.h"

#include <algorithm>
#include <cmath>

namespace graft {
namespace {

struct Filter {
  double (*weight)(double distance);
  double support;  // weight is 0 from this distance on
};

double triangle(double x) {
  x = std::abs(x);
  return x < 1.0 ? 1.0 - x : 0.0;
}

// Keys, "Cubic convolution interpolation for digital image processing", 1981, with a = -0.5. The order of the
// operations is Pillow's: another would round otherwise.
double cubic(double x) {
  constexpr double a = -0.5;
  x = std::abs(x);
  if (x < 1.0) return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
  if (x < 2.0) return (((x - 5) * x + 8) * x - 4) * a;
  return 0.0;
}

Filter filter_of(Interpolation interpolation) {
  return interpolation == Interpolation::bicubic ? Filter{cubic, 2.0} : Filter{triangle, 1.0};
}

std::int32_t to_fixed(double weight) {
  const double scaled = weight * (1 << weight_bits);
  return static_cast<std::int32_t>(weight < 0 ? scaled - 0.5 : scaled + 0.5);
}

// Towards zero below it, where the caller has a bound of 0.
int rounded(double x) {
  return static_cast<int>(x + 0.5);
}  // NOLINT(bugprone-incorrect-roundings): as Pillow

}  // namespace

int FilterTaps::first_input() const { return *std::min_element(first.begin(), first.end()); }

int FilterTaps::end_input() const {
  int end = 0;
  for (std::size_t i = 0; i < first.size(); ++i) end = std::max(end, first[i] + count[i]);
  return end;
}

FilterTaps filter_taps(int in_size, int out_size, int begin, int outputs, Interpolation interpolation) {
  const Filter filter = filter_of(interpolation);
  const double scale = static_cast<double>(in_size) / out_size;
  const double stretch = std::max(scale, 1.0);  // antialiasing: shrinking widens the filter
  const double support = filter.support * stretch;
  const double inverse = 1.0 / stretch;

  FilterTaps taps;
  for (int i = 0; i < outputs; ++i) {
    const double center = (begin + i + 0.5) * scale;
    taps.first.push_back(std::max(rounded(center - support), 0));
    taps.count.push_back(std::min(rounded(center + support), in_size) - taps.first.back());
  }
  taps.stride = *std::max_element(taps.count.begin(), taps.count.end());
  const auto stride = static_cast<std::size_t>(taps.stride);
  taps.weights.assign(taps.first.size() * stride, 0);
  std::vector<double> exact(stride);
  for (std::size_t i = 0; i < taps.first.size(); ++i) {
    const double center = (begin + static_cast<int>(i) + 0.5) * scale;
    const auto count = static_cast<std::size_t>(taps.count[i]);
    double sum = 0.0;
    for (std::size_t t = 0; t < count; ++t) {
      exact[t] = filter.weight((taps.first[i] + static_cast<int>(t) - center + 0.5) * inverse);
      sum += exact[t];
    }
    for (std::size_t t = 0; t < count; ++t) taps.weights[i * stride + t] = to_fixed(exact[t] / sum);
  }
  return taps;
}

}  // namespace graft
