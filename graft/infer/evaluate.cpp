#include "graft/infer/evaluate.h"

#include "graft/core/stopwatch.h"
#include "graft/device/engine_error.h"
#include "graft/infer/test_time.h"

namespace graft {

namespace {

Evaluation run(const InferenceModel& model, const TensorSource& source, const EvaluateOptions& options) {
  const torch::NoGradGuard no_gradients;
  const Stopwatch watch;
  Evaluation result;
  const auto stream = source.epoch(0);
  while (const auto batch = stream->next()) {
    const auto name_of = [&](std::int64_t row) {
      return source.samples()[batch->indices[static_cast<std::size_t>(row)]].path;
    };
    model.task().add_outcomes(outputs_of(model, *batch, name_of), batch->indices, batch->truth,
                              options.targets, result);
    if (options.progress) options.progress({options.what, result.outcomes.size(), source.size(), "images"});
  }
  result.bad = stream->bad();
  result.seconds = watch.seconds();
  return result;
}

}  // namespace

Evaluation evaluate(const InferenceModel& model, const TensorSource& source, const EvaluateOptions& options) {
  return with_engine_errors(options.what, [&] { return run(model, source, options); });
}

Evaluation evaluate(const InferenceModel& model, const Loader& loader, const EvaluateOptions& options) {
  return evaluate(model, *loader_source(loader, model.device()), options);
}

}  // namespace graft
