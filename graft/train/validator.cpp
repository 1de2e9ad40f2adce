#include "graft/train/validator.h"

#include "graft/train/gather.h"

namespace graft {

Evaluation Validator::run(const TrainLoaders& loaders, const TensorSource& source, const std::string& name,
                          const ProgressCallback& progress) {
  return gather(run_own(loaders, source, name, progress), sync_);
}

InferenceModel Validator::ready_model() const {
  return InferenceModel::compile(model_, device_, recipe_.precision, recipe_.loader.batch_size);
}

Evaluation Validator::run_own(const TrainLoaders& loaders, const TensorSource& source,
                              const std::string& name, const ProgressCallback& progress) {
  if (!held_ || !loaders.decoded || !model_.network->has_linear_head())
    return evaluate(ready_model(), source, {name, progress, targets_});
  if (!features_) features_ = extract_features(*held_, loaders.val, name, progress);
  return evaluate_features(*model_.network, *task_, *features_, device_, targets_);
}

Evaluation Validator::run_once(const TrainLoaders& loaders, const ProgressCallback& progress) const {
  return gather(evaluate(ready_model(), loaders.val, {"val", progress, targets_}), sync_);
}

}  // namespace graft
