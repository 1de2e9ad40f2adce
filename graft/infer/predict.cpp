#include "graft/infer/predict.h"

#include <utility>

#include "graft/core/error.h"
#include "graft/device/engine_error.h"
#include "graft/infer/inference_model.h"
#include "graft/infer/test_time.h"

namespace graft {
namespace {

std::vector<Sample> unlabelled(const std::vector<std::string>& paths) {
  std::vector<Sample> samples;
  samples.reserve(paths.size());
  for (const std::string& path : paths) samples.push_back({path, 0});
  return samples;
}

template <class Callback>
void require_callback(const Callback& each) {
  if (!each) throw UsageError("`each`", "is empty", "give a function that takes the predictions");
}

std::vector<BadImage> run_predictions(const InferenceModel& model, std::vector<Sample> unlabelled,
                                      const PredictOptions& options,
                                      const std::function<void(const Prediction&, const Sample&)>& each) {
  if (options.top_k < 1) throw UsageError("`top_k`", "must be 1 or more");
  if (!(options.threshold <= 1)) throw UsageError("`threshold`", "must be from 0 to 1");
  const Task& task = model.task();
  task.check_threshold(options.threshold);
  const torch::NoGradGuard no_gradients;
  const auto samples = std::make_shared<const std::vector<Sample>>(std::move(unlabelled));
  const auto source = test_time_source(samples, model.preprocess(), options.loader, options.max_pixels,
                                       options.tta, model.device());
  const auto stream = source->epoch(0);
  while (const auto batch = stream->next()) {
    const auto sample_of = [&](std::int64_t row) -> const Sample& {
      return (*samples)[batch->indices[static_cast<std::size_t>(row)]];
    };
    const auto path_of = [&](std::int64_t row) { return sample_of(row).path; };
    auto predictions =
        task.predictions(task.answers(outputs_of(model, *batch, path_of)), options.top_k, options.threshold);
    for (std::int64_t i = 0; i < batch->count(); ++i) {
      Prediction& prediction = predictions[static_cast<std::size_t>(i)];
      prediction.path = path_of(i);
      each(prediction, sample_of(i));
    }
  }
  return stream->bad();
}

}  // namespace

std::vector<BadImage> predict(const InferenceModel& model, const std::vector<std::string>& paths,
                              const PredictOptions& options, const PredictionCallback& each) {
  require_callback(each);
  return predict_samples(model, unlabelled(paths), options,
                         [&](const Prediction& prediction, const Sample&) { each(prediction); });
}

std::vector<BadImage> predict_samples(const InferenceModel& model, std::vector<Sample> samples,
                                      const PredictOptions& options,
                                      const std::function<void(const Prediction&, const Sample&)>& each) {
  require_callback(each);
  return with_engine_errors("prediction",
                            [&] { return run_predictions(model, std::move(samples), options, each); });
}

Prediction predict_picture(const InferenceModel& model, const ImageView& picture, const std::string& name) {
  return with_engine_errors("prediction", [&] {
    const torch::NoGradGuard no_gradients;
    const torch::Tensor images = images_of(picture, model.preprocess());
    const torch::Tensor outputs = model.logits(images);
    check_answers(model, outputs, images, [&](std::int64_t) { return name; });
    Prediction prediction =
        model.task().predictions(model.task().answers(outputs), outputs.size(1), -1).front();
    prediction.path = name;
    return prediction;
  });
}

std::vector<float> floats_of(const torch::Tensor& tensor) {
  const torch::Tensor values = tensor.to(torch::kCPU, torch::kFloat32).contiguous();
  return {values.const_data_ptr<float>(), values.const_data_ptr<float>() + values.numel()};
}

std::vector<float> features_of_picture(const InferenceModel& model, const ImageView& picture,
                                       const std::string& name) {
  return with_engine_errors("features", [&] {
    const torch::NoGradGuard no_gradients;
    const torch::Tensor images = images_of(picture, model.preprocess());
    const torch::Tensor features = model.features(images);
    check_answers(model, features, images, [&](std::int64_t) { return name; });
    return floats_of(features);
  });
}

}  // namespace graft
