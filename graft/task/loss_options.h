// What a training makes small, and how each sample counts in it; no torch.
#pragma once

#include <array>

#include "graft/core/option.h"

namespace graft {

// What a picture's loss is multiplied by: none: 1; balanced: more in rare classes, so that each class weighs
// the same (scikit-learn's "balanced").
enum class ClassWeights { none, balanced };
template <>
struct EnumNames<ClassWeights> {
  static constexpr std::array<const char*, 2> names = {"none", "balanced"};
};

// The loss of a predicted number, whose unit is the standard deviation of the training targets. mse: mean
// squared error (torch.nn.MSELoss). huber: squared up to one unit, linear beyond it, so that wrong labels
// pull less (torch.nn.HuberLoss with delta 1).
enum class RegressionLoss { mse, huber };
template <>
struct EnumNames<RegressionLoss> {
  static constexpr std::array<const char*, 2> names = {"mse", "huber"};
};

struct LossOptions {
  double label_smoothing = 0;
  ClassWeights class_weights = ClassWeights::none;
  RegressionLoss regression_loss = RegressionLoss::mse;
};
inline constexpr auto loss_options = options_of<LossOptions>(
    option<&LossOptions::label_smoothing>(0, 0.999, "share of the target that is spread over all classes"),
    option<&LossOptions::class_weights>("balanced: pictures of rare classes weigh more in the loss"),
    option<&LossOptions::regression_loss>(
        "of numbers: mse: mean squared error; huber: large errors count less"));

}  // namespace graft
