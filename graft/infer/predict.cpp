#include "graft/infer/predict.h"

#include <algorithm>
#include <utility>

#include "graft/core/csv.h"
#include "graft/core/error.h"
#include "graft/device/engine_error.h"
#include "graft/infer/inference_model.h"
#include "graft/infer/test_time.h"
#include "graft/metrics/conformal.h"
#include "graft/metrics/known_pictures.h"

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

torch::Tensor signals_of(const InferenceModel& model, const torch::Tensor& images, const RowName& name_of) {
  const torch::Tensor signals = model.signals(images);
  check_answers(model, signals, images, name_of);
  return signals;
}

void add_scores(std::vector<Prediction>& predictions, const InferenceModel& model,
                const torch::Tensor& signals) {
  const KnownPictures& known = *model.known();
  const torch::Tensor rows = torch::stack({signals.select(1, model.num_outputs()).to(torch::kFloat32),
                                           model.task().energies(logits_in(model, signals))},
                                          1)
                                 .cpu();
  const auto row = rows.accessor<float, 2>();
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    const auto n = static_cast<std::int64_t>(i);
    predictions[i].unknown_score = unknown_score(known, row[n][0], row[n][1]);
    predictions[i].known = *predictions[i].unknown_score <= known.threshold;
  }
}

std::vector<BadImage> run_predictions(const InferenceModel& model, std::vector<Sample> unlabelled,
                                      const PredictOptions& options,
                                      const std::function<void(const Prediction&, const Sample&)>& each) {
  check_predict_options(model, options);
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
    // A mean over views is of probabilities, which have no energy, and of no single distance.
    auto predictions = predictions_of(model,
                                      options.tta == Tta::off ? signals_of(model, batch->images, path_of)
                                                              : outputs_of(model, *batch, path_of),
                                      options);
    for (std::int64_t i = 0; i < batch->count(); ++i) {
      Prediction& prediction = predictions[static_cast<std::size_t>(i)];
      prediction.path = path_of(i);
      each(prediction, sample_of(i));
    }
  }
  return stream->bad();
}

}  // namespace

void check_predict_options(const InferenceModel& model, const PredictOptions& options) {
  if (options.top_k < 1) throw UsageError("`top_k`", "must be 1 or more");
  if (!(options.threshold <= 1)) throw UsageError("`threshold`", "must be from 0 to 1");
  model.task().check_threshold(options.threshold);
  if (options.coverage == 0) return;
  if (!(options.coverage > 0 && options.coverage < 1))
    throw UsageError("`coverage`", "must be between 0 and 1, such as 0.9");
  if (model.kind() != LabelKind::single)
    throw UsageError("`coverage`", "applies only to models with one class per picture", "leave it out");
  const std::size_t least = least_scores(options.coverage);
  if (model.set_scores().size() >= least) return;
  const std::string words = csv_number(options.coverage);
  if (model.set_scores().empty())
    throw Error("`coverage`", "needs a model that graft has measured on pictures held out of training",
                "train with a validation part or with `folds`");
  throw Error("`coverage`",
              words + " needs " + std::to_string(least) +
                  " held-out pictures, and the model was measured on " +
                  std::to_string(model.set_scores().size()),
              "give a lower coverage, or train with `folds`, which holds every picture out once");
}

torch::Tensor logits_in(const InferenceModel& model, const torch::Tensor& signals) {
  return signals.narrow(1, 0, model.num_outputs());
}

std::vector<Prediction> predictions_of(const InferenceModel& model, const torch::Tensor& signals,
                                       const PredictOptions& options) {
  const torch::Tensor answers = model.task().answers(logits_in(model, signals));
  const bool wants_sets = options.coverage > 0;
  const std::int64_t ranked = wants_sets ? answers.size(1) : options.top_k;
  auto predictions = model.task().predictions(answers, ranked, options.threshold);
  if (wants_sets) {
    const double least = set_threshold(model.set_scores(), options.coverage);
    for (Prediction& each : predictions) {
      each.set = prediction_set(each.top, least);
      each.top.resize(std::min(each.top.size(), static_cast<std::size_t>(options.top_k)));
    }
  }
  if (model.known() != nullptr && signals.size(1) > model.num_outputs())
    add_scores(predictions, model, signals);
  return predictions;
}

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
    const torch::Tensor signals = signals_of(model, images, [&](std::int64_t) { return name; });
    const auto every_class = static_cast<int>(model.num_outputs());
    Prediction prediction = predictions_of(model, signals, {.top_k = every_class}).front();
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
