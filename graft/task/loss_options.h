// Options of the training loss and the weights of samples. This header does not include torch.
#pragma once

#include <array>

#include "graft/core/option.h"

namespace graft {

// The factor of a sample's loss. none: 1; balanced: higher for rare classes, so that each class has the same
// total weight (scikit-learn's "balanced").
enum class ClassWeights { none, balanced };
template <>
struct EnumNames<ClassWeights> {
  static constexpr std::array<const char*, 2> names = {"none", "balanced"};
};

// The loss of a predicted number in units of the standard deviation of the training targets. mse: mean
// squared error (torch.nn.MSELoss). huber: squared up to one unit, linear beyond it, so that wrong labels
// have less influence (torch.nn.HuberLoss with delta 1).
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
    option<&LossOptions::class_weights>("balanced: pictures of rare classes have more weight in the loss"),
    option<&LossOptions::regression_loss>(
        "loss of numbers: mse: mean squared error; huber: large errors count less"));

}  // namespace graft
