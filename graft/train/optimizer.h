// The optimiser: torch.optim.SGD with momentum.
#pragma once

#include <torch/torch.h>

#include <memory>
#include <vector>

#include "graft/train/optimizer_options.h"

namespace graft {

std::unique_ptr<torch::optim::Optimizer> make_optimizer(std::vector<torch::Tensor> parameters,
                                                        const OptimizerOptions& options);
void set_learning_rate(torch::optim::Optimizer& optimizer, double lr);

}  // namespace graft
