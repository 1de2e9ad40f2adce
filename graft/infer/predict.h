// What a model says of pictures that nobody has labelled.
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

// Calls `each` for every picture in the order given. Pictures that cannot be read are left out and returned,
// unless options.loader.skip_bad is false: then the first one is thrown as its Error. Throws Error where the
// network gives values that are not finite, whatever skip_bad says: it is the network that is bad then.
// Throws EngineError (core/error.h) where memory runs out or libtorch fails;
// an exception of `each` passes through. Thread-safe.
std::vector<BadImage> predict(const InferenceModel& model, const std::vector<std::string>& paths,
                              const PredictOptions& options, const PredictionCallback& each);

// The same of samples, whose labels are not looked at: `each` is given the sample as well.
std::vector<BadImage> predict_samples(const InferenceModel& model, std::vector<Sample> samples,
                                      const PredictOptions& options,
                                      const std::function<void(const Prediction&, const Sample&)>& each);

// One picture, with every class in Prediction::top. `picture` is as the network gets it (transform_val);
// `name` names it in errors, which are those of predict(). Thread-safe.
Prediction predict_picture(const InferenceModel& model, const ImageView& picture, const std::string& name);

}  // namespace graft
