#include "graft/infer/evaluate.h"

#include "graft/core/stopwatch.h"
#include "graft/device/device.h"
#include "graft/device/engine_error.h"
#include "graft/infer/outcomes.h"
#include "graft/infer/test_time.h"

namespace graft {

namespace {

Evaluation run(Network& network, const TensorSource& source, const EvaluateOptions& options) {
  begin_compute(network.head()->weight.device());
  const torch::NoGradGuard no_gradients;
  const EvalMode eval_mode(network);
  const Folded folded(network, options.precision);
  const torch::Tensor matrix = label_matrix(options.class_sets, network.head()->weight.size(0));
  const Stopwatch watch;
  Evaluation result;
  const auto stream = source.epoch(0);
  while (const auto batch = stream->next()) {
    const auto name_of = [&](std::int64_t row) {
      return source.samples()[batch->indices[static_cast<std::size_t>(row)]].path;
    };
    add_outcomes(answer(network, *batch, matrix.defined(), name_of), batch->indices, batch->truth, matrix,
                 result);
    if (options.progress) options.progress({options.what, result.outcomes.size(), source.size(), "images"});
  }
  result.bad = stream->bad();
  result.seconds = watch.seconds();
  return result;
}

}  // namespace

Evaluation evaluate(Network& network, const TensorSource& source, const EvaluateOptions& options) {
  return with_engine_errors(options.what, [&] { return run(network, source, options); });
}

Evaluation evaluate(Network& network, const Loader& loader, const torch::Device& device,
                    const EvaluateOptions& options) {
  return evaluate(network, *loader_source(loader, device), options);
}

}  // namespace graft
