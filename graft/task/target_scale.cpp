#include "graft/task/target_scale.h"

namespace graft {

void rescale_head(torch::Tensor weight, torch::Tensor bias, const TaskSpec& from, const TaskSpec& to) {
  const torch::NoGradGuard no_gradients;
  weight.copy_(weight.to(torch::kFloat64) * (from.scale / to.scale));
  bias.copy_((bias.to(torch::kFloat64) * from.scale + (from.mean - to.mean)) / to.scale);
}

}  // namespace graft
