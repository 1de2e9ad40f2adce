// Predictions of a model for unlabelled pictures.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "graft/data/folder.h"
#include "graft/device/torch.h"
#include "graft/image/image.h"
#include "graft/infer/inference_model.h"
#include "graft/infer/predictor.h"

namespace graft {

// Calls `each` for every picture in the given order. Unreadable pictures are skipped and returned, unless
// options.loader.skip_bad is false: then the Error of the first one is thrown. Throws Error if the network
// gives values that are not finite, whatever skip_bad is. Throws EngineError (core/error.h) if memory runs
// out or libtorch fails; an exception of `each` passes through. Thread-safe.
std::vector<BadImage> predict(const InferenceModel& model, const std::vector<std::string>& paths,
                              const PredictOptions& options, const PredictionCallback& each);

// The same for samples, whose labels are ignored: `each` gets the sample as well.
std::vector<BadImage> predict_samples(const InferenceModel& model, std::vector<Sample> samples,
                                      const PredictOptions& options,
                                      const std::function<void(const Prediction&, const Sample&)>& each);

// Throws UsageError for options that have no effect on the model or are out of range, and Error for a
// coverage of a model without set_scores() or with too few of them.
void check_predict_options(const InferenceModel& model, const PredictOptions& options);

// Of each row of InferenceModel::signals(), without its path. Of `options` only top_k, threshold and coverage
// are read; they must be valid.
std::vector<Prediction> predictions_of(const InferenceModel& model, const torch::Tensor& signals,
                                       const PredictOptions& options);
// The columns of signals() that are logits.
torch::Tensor logits_in(const InferenceModel& model, const torch::Tensor& signals);

// One preprocessed image (transform_val), with every class in Prediction::top. `name` names it in errors,
// which are those of predict(). Thread-safe.
Prediction predict_picture(const InferenceModel& model, const ImageView& picture, const std::string& name);
// The same for its features: model.num_features() values.
std::vector<float> features_of_picture(const InferenceModel& model, const ImageView& picture,
                                       const std::string& name);

// The elements in row-major order.
std::vector<float> floats_of(const torch::Tensor& tensor);

}  // namespace graft
