#include "graft/evaluate/evaluate.h"

#include <chrono>

#include "graft/evaluate/batch_tensor.h"

namespace graft {
namespace {

// One transfer from the device a batch: the three columns travel together.
void add_outcomes(const torch::Tensor& logits, const Batch& batch, const torch::Tensor& labels,
                  std::vector<Outcome>& outcomes) {
  const auto log_probabilities = torch::log_softmax(logits.to(torch::kFloat32), 1);
  const auto [best, predicted] = log_probabilities.max(1);
  const auto loss = -log_probabilities.gather(1, labels.unsqueeze(1)).squeeze(1);
  const auto table = torch::stack({predicted.to(torch::kFloat32), best.exp(), loss}, 1).cpu();
  const auto row = table.accessor<float, 2>();
  for (std::int64_t i = 0; i < batch.count; ++i) {
    const auto n = static_cast<std::size_t>(i);
    outcomes.push_back(
        {batch.indices[n], batch.labels[n], static_cast<std::int64_t>(row[i][0]), row[i][1], row[i][2]});
  }
}

}  // namespace

Evaluation evaluate(Network& network, const Loader& loader, const torch::Device& device,
                    const std::string& what, const ProgressCallback& progress) {
  const torch::NoGradGuard no_gradients;
  const EvalMode eval_mode(network);
  const auto began = std::chrono::steady_clock::now();
  Evaluation result;
  const auto stream = loader.epoch(0);
  while (const auto batch = stream->next()) {
    const auto labels = labels_of(*batch, device);
    add_outcomes(network.forward(images_channels_last(*batch, device)), *batch, labels, result.outcomes);
    if (progress) progress({what, result.outcomes.size(), loader.samples().size(), "images"});
  }
  result.bad = stream->bad();
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return result;
}

}  // namespace graft
