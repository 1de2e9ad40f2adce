#include "graft/infer/nearest.h"

#include <algorithm>

namespace graft {
namespace {

constexpr std::int64_t rows_of_block = 1024, columns_of_block = 16'384;

std::vector<float> values_of(const torch::Tensor& tensor) {
  const torch::Tensor flat = tensor.contiguous().to(torch::kFloat32);
  return {flat.const_data_ptr<float>(), flat.const_data_ptr<float>() + flat.numel()};
}

}  // namespace

torch::Tensor unit_rows(const torch::Tensor& rows) {
  const torch::NoGradGuard no_gradients;
  return rows / rows.norm(2, 1, true).clamp_min(1e-30);
}

NearestRows::NearestRows(const torch::Tensor& queries, std::int64_t most)
    : queries_(unit_rows(queries)),
      most_(most),
      cosines_(torch::empty({queries.size(0), 0})),
      ids_(torch::empty({queries.size(0), 0}, torch::kInt64)) {}

void NearestRows::add(const torch::Tensor& rows, std::int64_t first) {
  const torch::NoGradGuard no_gradients;
  for (std::int64_t begin = 0; begin < rows.size(0); begin += columns_of_block) {
    const torch::Tensor part = rows.slice(0, begin, begin + columns_of_block);
    // Lengths divide the few products, not the many features.
    const torch::Tensor lengths = part.norm(2, 1).clamp_min(1e-30);
    const torch::Tensor cosines = queries_.mm(part.t()) / lengths;
    const auto [best, places] = cosines.topk(std::min(most_, part.size(0)), 1);
    cosines_ = torch::cat({cosines_, best}, 1);
    ids_ = torch::cat({ids_, places + (first + begin)}, 1);
    const auto [kept, order] = cosines_.topk(std::min(most_, cosines_.size(1)), 1);
    cosines_ = kept;
    ids_ = ids_.gather(1, order);
  }
}

std::vector<std::vector<SimilarRow>> NearestRows::found() const {
  std::vector<std::vector<SimilarRow>> all;
  for (std::int64_t query = 0; query < cosines_.size(0); ++query) {
    std::vector<SimilarRow> rows;
    for (std::int64_t i = 0; i < cosines_.size(1); ++i)
      rows.push_back({ids_[query][i].item<std::int64_t>(), cosines_[query][i].item<double>()});
    std::stable_sort(rows.begin(), rows.end(), [](const SimilarRow& a, const SimilarRow& b) {
      return a.cosine != b.cosine ? a.cosine > b.cosine : a.row < b.row;
    });
    all.push_back(std::move(rows));
  }
  return all;
}

void for_each_similar_pair(const torch::Tensor& rows, double least,
                           const std::function<void(std::int64_t, std::int64_t, double)>& visit,
                           const std::function<void(std::int64_t)>& progress) {
  const torch::NoGradGuard no_gradients;
  const torch::Tensor unit = unit_rows(rows);
  for (std::int64_t begin = 0; begin < unit.size(0); begin += rows_of_block) {
    const torch::Tensor block = unit.slice(0, begin, begin + rows_of_block);
    const std::int64_t end = begin + block.size(0);
    for (std::int64_t left = 0; left < end; left += columns_of_block) {
      const torch::Tensor cosines = block.mm(unit.slice(0, left, std::min(left + columns_of_block, end)).t());
      const torch::Tensor pairs = cosines.ge(least).nonzero().contiguous();
      const std::vector<float> values = values_of(cosines.masked_select(cosines.ge(least)));
      const auto* places = pairs.const_data_ptr<std::int64_t>();
      for (std::size_t i = 0; i < values.size(); ++i) {
        const std::int64_t row = begin + places[2 * i], other = left + places[2 * i + 1];
        if (other < row) visit(row, other, static_cast<double>(values[i]));
      }
    }
    if (progress) progress(end);
  }
}

}  // namespace graft
