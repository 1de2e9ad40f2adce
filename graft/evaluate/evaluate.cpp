#include "graft/evaluate/evaluate.h"

#include "graft/core/stopwatch.h"
#include "graft/evaluate/outcomes.h"

namespace graft {

Evaluation evaluate(Network& network, const TensorSource& source, const std::string& what,
                    const ProgressCallback& progress, Precision precision) {
  const torch::NoGradGuard no_gradients;
  const EvalMode eval_mode(network);
  const Folded folded(network, precision);
  const Stopwatch watch;
  Evaluation result;
  const auto stream = source.epoch(0);
  while (const auto batch = stream->next()) {
    const auto images = batch->images.contiguous(torch::MemoryFormat::ChannelsLast);
    add_outcomes(network.forward(images), batch->indices, batch->truth, result.outcomes);
    if (progress) progress({what, result.outcomes.size(), source.size(), "images"});
  }
  result.bad = stream->bad();
  result.seconds = watch.seconds();
  return result;
}

Evaluation evaluate(Network& network, const Loader& loader, const torch::Device& device,
                    const std::string& what, const ProgressCallback& progress, Precision precision) {
  return evaluate(network, *loader_source(loader, device), what, progress, precision);
}

}  // namespace graft
