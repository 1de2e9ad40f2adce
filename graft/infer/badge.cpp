#include "graft/infer/badge.h"

#include <algorithm>
#include <limits>

#include "graft/core/random.h"

namespace graft {
namespace {

using torch::Tensor;

constexpr std::uint64_t draw_stream = 48;  // of Random

// The products of gradients and features as points, with their distances.
class ProductPoints {
 public:
  ProductPoints(const Tensor& gradients, const Tensor& features)
      : gradients_(gradients.contiguous()),
        features_(features.contiguous()),
        lengths_(squares(gradients_) * squares(features_)) {}

  const Tensor& squared_lengths() const { return lengths_; }
  // From point i to each point: N, float64. Rounding can give a little less than 0.
  Tensor squared_distances(std::int64_t i) const {
    const Tensor inner =
        gradients_.mv(gradients_[i]).to(torch::kFloat64) * features_.mv(features_[i]).to(torch::kFloat64);
    Tensor distances = (lengths_ + lengths_[i] - 2 * inner).clamp_min(0);
    distances[i] = 0;
    // What is left of equal points is rounding.
    return torch::where(distances > 1e-5 * (lengths_ + lengths_[i]), distances, torch::zeros_like(distances));
  }

 private:
  static Tensor squares(const Tensor& rows) { return rows.to(torch::kFloat64).square().sum(1); }

  Tensor gradients_, features_, lengths_;
};

// The index in which the running sum of `weights` passes share · total.
std::int64_t drawn(const Tensor& weights, double total, double share) {
  const auto* weight = weights.const_data_ptr<double>();
  double left = share * total;
  std::int64_t last = 0;
  for (std::int64_t i = 0; i < weights.size(0); ++i) {
    if (weight[i] <= 0) continue;
    last = i;
    if ((left -= weight[i]) < 0) break;
  }
  return last;
}

}  // namespace

Tensor output_gradients(LabelKind kind, const Tensor& answers) {
  if (kind == LabelKind::number) return torch::ones({answers.size(0), 1});
  if (kind == LabelKind::multi) return answers - answers.ge(0.5).to(torch::kFloat32);
  const Tensor predicted = answers.argmax(1, true);
  return answers.scatter_add(1, predicted, torch::full(predicted.sizes(), -1.0F));
}

std::vector<std::int64_t> badge_order(const Tensor& gradients, const Tensor& features, std::int64_t count,
                                      std::uint64_t seed) {
  const torch::NoGradGuard no_gradients;
  const std::int64_t pictures = features.size(0);
  count = std::min(count, pictures);
  std::vector<std::int64_t> order;
  if (count <= 0) return order;
  const ProductPoints points(gradients, features);
  // Without chosen points and with equal ones, the longest of those left comes next.
  Tensor left = points.squared_lengths().clone();
  Tensor nearest = torch::full({pictures}, std::numeric_limits<double>::infinity(), torch::kFloat64);
  Random random(seed, 0, 0, draw_stream);
  while (static_cast<std::int64_t>(order.size()) < count) {
    const double total = order.empty() ? 0 : nearest.sum().item<double>();
    const std::int64_t next =
        total > 0 ? drawn(nearest, total, random.uniform()) : left.argmax().item<std::int64_t>();
    order.push_back(next);
    left[next] = -1;
    nearest = torch::minimum(nearest, points.squared_distances(next));
  }
  return order;
}

}  // namespace graft
