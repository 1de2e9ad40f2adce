#include "graft/evaluate/evaluate.h"

#include <chrono>

#include "graft/evaluate/batch_tensor.h"
#include "graft/evaluate/outcomes.h"

namespace graft {
Evaluation evaluate(Network& network, const Loader& loader, const torch::Device& device,
                    const std::string& what, const ProgressCallback& progress, Precision precision) {
  const torch::NoGradGuard no_gradients;
  const EvalMode eval_mode(network);
  const Folded folded(network, precision);
  const auto began = std::chrono::steady_clock::now();
  Evaluation result;
  const auto stream = loader.epoch(0);
  while (const auto batch = stream->next()) {
    add_outcomes(network.forward(images_channels_last(*batch, device)), batch->indices, batch->labels,
                 result.outcomes);
    if (progress) progress({what, result.outcomes.size(), loader.samples().size(), "images"});
  }
  result.bad = stream->bad();
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return result;
}

}  // namespace graft
