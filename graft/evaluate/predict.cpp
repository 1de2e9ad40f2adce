#include "graft/evaluate/predict.h"

#include <algorithm>

#include "graft/core/error.h"
#include "graft/evaluate/batch_tensor.h"
#include "graft/evaluate/evaluate.h"

namespace graft {
namespace {

std::vector<Sample> unlabelled(const std::vector<std::string>& paths) {
  std::vector<Sample> samples;
  samples.reserve(paths.size());
  for (const std::string& path : paths) samples.push_back({path, 0});
  return samples;
}

}  // namespace

std::vector<BadImage> predict(const Model& model, const std::vector<std::string>& paths,
                              const PredictOptions& options, const torch::Device& device,
                              const PredictionCallback& each) {
  if (options.top_k < 1) throw UsageError("--top-k", "must be 1 or more");
  const torch::NoGradGuard no_gradients;
  const EvalMode eval_mode(*model.network);
  const Folded folded(*model.network);
  LoaderOptions loading = options.loader;
  loading.augment = loading.shuffle = false;
  loading.layout = BatchLayout::channels_last;
  loading.cache = "off";  // one pass
  const Loader loader(unlabelled(paths), model.preprocess, loading);
  const auto k = std::min<std::int64_t>(options.top_k, static_cast<std::int64_t>(model.classes.size()));
  const auto stream = loader.epoch(0);
  while (const auto batch = stream->next()) {
    const auto probabilities =
        torch::softmax(model.network->forward(images_channels_last(*batch, device)).to(torch::kFloat32), 1);
    const auto [values, indices] = probabilities.cpu().topk(k, 1);
    const auto value = values.accessor<float, 2>();
    const auto index = indices.accessor<std::int64_t, 2>();
    for (std::int64_t i = 0; i < batch->count; ++i) {
      Prediction prediction{paths[batch->indices[static_cast<std::size_t>(i)]], {}};
      for (std::int64_t j = 0; j < k; ++j) prediction.top.push_back({index[i][j], value[i][j]});
      each(prediction);
    }
  }
  return stream->bad();
}

}  // namespace graft
