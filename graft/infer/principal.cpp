#include "graft/infer/principal.h"

#include <algorithm>

namespace graft {
namespace {

using torch::Tensor;

// N×min(N, F), the largest variance first, from the smaller of the two matrices of products.
Tensor all_coordinates(const Tensor& centred) {
  const bool is_wide = centred.size(1) > centred.size(0);
  const auto [values, vectors] = at::linalg_eigh(is_wide ? centred.mm(centred.t()) : centred.t().mm(centred));
  const Tensor directions = vectors.flip(1);
  return is_wide ? directions * values.flip(0).clamp_min(0).sqrt() : centred.mm(directions);
}

}  // namespace

Tensor principal_coordinates(const Tensor& rows, std::int64_t count) {
  const torch::NoGradGuard no_gradients;
  Tensor result = torch::zeros({rows.size(0), count});
  if (rows.numel() == 0) return result;
  const Tensor wide = rows.to(torch::kFloat64);
  const Tensor coordinates = all_coordinates(wide - wide.mean(0));
  for (std::int64_t i = 0; i < std::min(count, coordinates.size(1)); ++i) {
    const Tensor column = coordinates.select(1, i);
    const double largest = column[column.abs().argmax()].item<double>();
    // What remains of equal rows is rounding.
    if (std::abs(largest) > 1e-6 * (1 + wide.abs().max().item<double>()))
      result.select(1, i).copy_(largest < 0 ? -column : column);
  }
  return result;
}

}  // namespace graft
