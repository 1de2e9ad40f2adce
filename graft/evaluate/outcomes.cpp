#include "graft/evaluate/outcomes.h"

namespace graft {

void add_outcomes(const torch::Tensor& logits, const std::vector<std::uint32_t>& indices,
                  const std::vector<std::int64_t>& labels, std::vector<Outcome>& outcomes) {
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
    outcomes.push_back({indices[n], labels[n], static_cast<std::int64_t>(row[i][0]), row[i][1], row[i][2],
                        static_cast<std::int64_t>(row[i][3])});
  }
}

}  // namespace graft
