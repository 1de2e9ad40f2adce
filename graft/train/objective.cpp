#include "graft/train/objective.h"

#include <utility>

#include "graft/core/error.h"

namespace graft {

namespace F = torch::nn::functional;

torch::Tensor balanced_class_weights(const Folder& train) {
  const auto counts = train.count_per_class();
  torch::Tensor weights = torch::zeros({static_cast<std::int64_t>(counts.size())});
  const double samples = static_cast<double>(train.samples.size());
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0)
      weights.data_ptr<float>()[i] =
          static_cast<float>(samples / (static_cast<double>(counts.size()) * static_cast<double>(counts[i])));
  }
  return weights;
}

torch::Tensor balanced_positive_weights(const Folder& train) {
  const auto counts = train.count_per_class();
  torch::Tensor weights = torch::ones({static_cast<std::int64_t>(counts.size())});
  const double samples = static_cast<double>(train.samples.size());
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto shown = static_cast<double>(counts[i]);
    if (counts[i] > 0) weights.data_ptr<float>()[i] = static_cast<float>((samples - shown) / shown);
  }
  return weights;
}

Objective::Objective(const Recipe& recipe, const Folder& train, const torch::Device& device, LossFunction own)
    : own_(std::move(own)), multi_label_(train.multi_label()), label_smoothing_(recipe.label_smoothing) {
  const bool smooths = label_smoothing_ > 0;
  if (own_ && (smooths || recipe.class_weights != ClassWeights::none))
    throw UsageError(smooths ? "`label_smoothing`" : "`class_weights`",
                     "does not act on a loss of the program's own", "leave it out");
  if (recipe.class_weights == ClassWeights::none) return;
  weights_ = (multi_label_ ? balanced_positive_weights(train) : balanced_class_weights(train)).to(device);
}

torch::Tensor Objective::loss(const torch::Tensor& logits, const torch::Tensor& targets) const {
  if (own_) return own_(logits, targets);
  if (!multi_label_) {
    auto options = F::CrossEntropyFuncOptions().label_smoothing(label_smoothing_);
    if (weights_.defined()) options.weight(weights_);
    return F::cross_entropy(logits, targets, options);
  }
  const torch::Tensor wanted = targets * (1 - label_smoothing_) + 0.5 * label_smoothing_;
  return torch::binary_cross_entropy_with_logits(logits, wanted, {}, weights_);
}

torch::Tensor Objective::right(const torch::Tensor& logits, const torch::Tensor& targets) const {
  if (multi_label_) return logits.ge(0).eq(targets.ge(0.5)).all(1);
  return logits.argmax(1).eq(targets.dim() == 1 ? targets : targets.argmax(1));
}

}  // namespace graft
