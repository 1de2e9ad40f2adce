#include "graft/train/objective.h"

#include <utility>

#include "graft/core/error.h"
#include "graft/device/engine_error.h"
#include "graft/train/check_own_parts.h"

namespace graft {

Objective::Objective(const Task& task, const LossOptions& options, const Folder& train,
                     const torch::Device& device, LossFunction own)
    : task_(task), options_(options), own_(std::move(own)) {
  const bool smooths = options.label_smoothing > 0;
  if (own_ && (smooths || options.class_weights != ClassWeights::none))
    throw UsageError(smooths ? "`label_smoothing`" : "`class_weights`", "has no effect on a custom loss",
                     "leave it out");
  if (options.class_weights == ClassWeights::none) return;
  weights_ = task.balanced_weights(train);
  if (weights_.defined()) weights_ = weights_.to(device);
}

torch::Tensor Objective::loss(const torch::Tensor& outputs, const torch::Tensor& targets) const {
  if (!own_) return task_.loss(outputs, targets, options_, weights_);
  return checked_loss(with_engine_errors("`loss`", [&] { return own_(outputs, targets); }), outputs);
}

}  // namespace graft
