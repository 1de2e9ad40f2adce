#include "graft/infer/outcomes.h"

namespace graft {
namespace {

using torch::Tensor;

void add_single(const Tensor& logits, const std::vector<std::uint32_t>& indices,
                const std::vector<std::int64_t>& labels, Evaluation& result) {
  const auto truth = torch::tensor(labels, torch::kInt64).to(logits.device());
  const auto log_probabilities = torch::log_softmax(logits.to(torch::kFloat32), 1);
  const auto [best, predicted] = log_probabilities.max(1);
  const auto of_truth = log_probabilities.gather(1, truth.unsqueeze(1));
  const auto rank = log_probabilities.gt(of_truth).sum(1);
  // The columns travel together.
  const auto table =
      torch::stack(
          {predicted.to(torch::kFloat32), best.exp(), -of_truth.squeeze(1), rank.to(torch::kFloat32)}, 1)
          .cpu();
  const auto row = table.accessor<float, 2>();
  for (std::int64_t i = 0; i < table.size(0); ++i) {
    const auto n = static_cast<std::size_t>(i);
    result.outcomes.push_back({indices[n], labels[n], static_cast<std::int64_t>(row[i][0]), row[i][1],
                               row[i][2], static_cast<std::int64_t>(row[i][3])});
  }
}

void add_multi(const Tensor& given, const std::vector<std::uint32_t>& indices,
               const std::vector<std::int64_t>& labels, const Tensor& matrix, Evaluation& result) {
  const auto logits = given.to(torch::kFloat32).cpu();
  const auto truth = label_targets(matrix, torch::tensor(labels, torch::kInt64)).contiguous();
  const auto scores = torch::sigmoid(logits).contiguous();
  const auto losses =
      torch::binary_cross_entropy_with_logits(logits, truth, {}, {}, at::Reduction::None).mean(1);
  const auto wrong = logits.ge(0).ne(truth.ge(0.5)).sum(1);
  const auto sureness = torch::maximum(scores, 1 - scores).amin(1);
  const auto rank = wrong.accessor<std::int64_t, 1>();
  const auto sure = sureness.accessor<float, 1>(), loss = losses.accessor<float, 1>();
  for (std::int64_t i = 0; i < logits.size(0); ++i) {
    const auto n = static_cast<std::size_t>(i);
    result.outcomes.push_back(
        {indices[n], labels[n], rank[i] == 0 ? labels[n] : -1, sure[i], loss[i], rank[i]});
  }
  LabelTable& table = result.labels;
  table.classes = logits.size(1);
  const auto* score = scores.const_data_ptr<float>();
  const auto* is_true = truth.const_data_ptr<float>();
  table.scores.insert(table.scores.end(), score, score + scores.numel());
  for (std::int64_t i = 0; i < truth.numel(); ++i) table.truth.push_back(is_true[i] > 0 ? 1 : 0);
}

}  // namespace

Tensor label_matrix(const ClassSets& sets, std::int64_t classes) {
  if (sets.empty()) return {};
  Tensor matrix = torch::zeros({static_cast<std::int64_t>(sets.size()), classes}, torch::kUInt8);
  auto cell = matrix.accessor<std::uint8_t, 2>();
  for (std::size_t i = 0; i < sets.size(); ++i) {
    for (const std::int64_t index : sets[i]) cell[static_cast<std::int64_t>(i)][index] = 1;
  }
  return matrix;
}

Tensor label_targets(const Tensor& matrix, const Tensor& labels) {
  return matrix.index_select(0, labels).to(torch::kFloat32);
}

void add_outcomes(const Tensor& logits, const std::vector<std::uint32_t>& indices,
                  const std::vector<std::int64_t>& labels, const Tensor& matrix, Evaluation& result) {
  matrix.defined() ? add_multi(logits, indices, labels, matrix, result)
                   : add_single(logits, indices, labels, result);
}

}  // namespace graft
