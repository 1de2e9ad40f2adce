// What the optimiser is asked for; apart from optimizer.h so that a recipe needs no torch.
#pragma once

#include "graft/core/option.h"

namespace graft {

// torch.optim.SGD's.
struct OptimizerOptions {
  double lr = 0.001;
  double momentum = 0.9;
  double weight_decay = 0;
};
inline constexpr auto optimizer_options = options_of<OptimizerOptions>(
    option<&OptimizerOptions::lr>(0, 1000, "learning rate of the first epoch"),
    option<&OptimizerOptions::momentum>(0, 1, "share of the last step that goes into the next"),
    option<&OptimizerOptions::weight_decay>(0, 10, "L2 penalty on the parameters that are trained"));

}  // namespace graft
