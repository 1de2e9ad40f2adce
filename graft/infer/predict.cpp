#include "graft/infer/predict.h"

#include <algorithm>

#include "graft/core/error.h"
#include "graft/device/device.h"
#include "graft/device/engine_error.h"
#include "graft/infer/evaluate.h"
#include "graft/infer/test_time.h"

namespace graft {
namespace {

std::vector<Sample> unlabelled(const std::vector<std::string>& paths) {
  std::vector<Sample> samples;
  samples.reserve(paths.size());
  for (const std::string& path : paths) samples.push_back({path, 0});
  return samples;
}

std::vector<BadImage> run(const Model& model, const std::vector<std::string>& paths,
                          const PredictOptions& options, const torch::Device& device,
                          const PredictionCallback& each) {
  if (options.top_k < 1) throw UsageError("`top_k`", "must be 1 or more");
  begin_compute(device);
  const torch::NoGradGuard no_gradients;
  const EvalMode eval_mode(*model.network);
  const Folded folded(*model.network);
  const auto source = test_time_source(std::make_shared<const std::vector<Sample>>(unlabelled(paths)),
                                       model.preprocess, options.loader, options.tta, device);
  const auto k = std::min<std::int64_t>(options.top_k, static_cast<std::int64_t>(model.classes.size()));
  const auto stream = source->epoch(0);
  while (const auto batch = stream->next()) {
    const auto path_of = [&](std::int64_t row) {
      return paths[batch->indices[static_cast<std::size_t>(row)]];
    };
    const auto logits = answer(*model.network, *batch, model.multi_label, path_of).to(torch::kFloat32);
    const auto probabilities = model.multi_label ? torch::sigmoid(logits) : torch::softmax(logits, 1);
    const auto [values, indices] = probabilities.cpu().topk(k, 1);
    const auto value = values.accessor<float, 2>();
    const auto index = indices.accessor<std::int64_t, 2>();
    for (std::int64_t i = 0; i < batch->count(); ++i) {
      Prediction prediction{path_of(i), {}};
      for (std::int64_t j = 0; j < k; ++j) prediction.top.push_back({index[i][j], value[i][j]});
      each(prediction);
    }
  }
  return stream->bad();
}

}  // namespace

std::vector<BadImage> predict(const Model& model, const std::vector<std::string>& paths,
                              const PredictOptions& options, const torch::Device& device,
                              const PredictionCallback& each) {
  return with_engine_errors("prediction", [&] { return run(model, paths, options, device, each); });
}

}  // namespace graft
