#include "graft/infer/predict.h"

#include <algorithm>
#include <utility>

#include "graft/core/error.h"
#include "graft/device/engine_error.h"
#include "graft/infer/batch_tensor.h"
#include "graft/infer/check_answers.h"
#include "graft/infer/test_time.h"

namespace graft {
namespace {

std::vector<Sample> unlabelled(const std::vector<std::string>& paths) {
  std::vector<Sample> samples;
  samples.reserve(paths.size());
  for (const std::string& path : paths) samples.push_back({path, 0});
  return samples;
}

// The first `count` classes of each row, most probable first.
std::vector<std::vector<ClassScore>> top_scores(const torch::Tensor& given, bool multi_label,
                                                std::int64_t count) {
  const torch::Tensor logits = given.to(torch::kFloat32);
  const torch::Tensor probabilities = multi_label ? torch::sigmoid(logits) : torch::softmax(logits, 1);
  const auto [values, indices] = probabilities.cpu().topk(std::min(count, logits.size(1)), 1);
  const auto value = values.accessor<float, 2>();
  const auto index = indices.accessor<std::int64_t, 2>();
  std::vector<std::vector<ClassScore>> rows(static_cast<std::size_t>(values.size(0)));
  for (std::int64_t i = 0; i < values.size(0); ++i) {
    for (std::int64_t j = 0; j < values.size(1); ++j)
      rows[static_cast<std::size_t>(i)].push_back({index[i][j], value[i][j]});
  }
  return rows;
}

std::vector<BadImage> run(const InferenceModel& model, const std::vector<std::string>& paths,
                          const PredictOptions& options, const PredictionCallback& each) {
  if (options.top_k < 1) throw UsageError("`top_k`", "must be 1 or more");
  const torch::NoGradGuard no_gradients;
  const auto source =
      test_time_source(std::make_shared<const std::vector<Sample>>(unlabelled(paths)), model.preprocess(),
                       options.loader, options.max_pixels, options.tta, model.device());
  const auto stream = source->epoch(0);
  while (const auto batch = stream->next()) {
    const auto path_of = [&](std::int64_t row) {
      return paths[batch->indices[static_cast<std::size_t>(row)]];
    };
    const torch::Tensor logits = answer(model, *batch, model.multi_label(), path_of);
    auto scores = top_scores(logits, model.multi_label(), options.top_k);
    for (std::int64_t i = 0; i < batch->count(); ++i)
      each({path_of(i), std::move(scores[static_cast<std::size_t>(i)])});
  }
  return stream->bad();
}

}  // namespace

std::vector<BadImage> predict(const InferenceModel& model, const std::vector<std::string>& paths,
                              const PredictOptions& options, const PredictionCallback& each) {
  return with_engine_errors("prediction", [&] { return run(model, paths, options, each); });
}

std::vector<ClassScore> classify(const InferenceModel& model, const ImageView& picture,
                                 const std::string& name) {
  return with_engine_errors("prediction", [&] {
    const torch::NoGradGuard no_gradients;
    const torch::Tensor images = images_of(picture, model.preprocess());
    const torch::Tensor logits = model.logits(images);
    check_answers(model, logits, images, [&](std::int64_t) { return name; });
    return top_scores(logits, model.multi_label(), logits.size(1)).front();
  });
}

}  // namespace graft
