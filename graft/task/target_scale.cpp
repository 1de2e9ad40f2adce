#include "graft/task/target_scale.h"

#include "graft/core/error.h"

namespace graft {

void rescale_head(torch::Tensor weight, torch::Tensor bias, const TaskSpec& from, const TaskSpec& to) {
  const torch::NoGradGuard no_gradients;
  if (!bias.defined() && from.mean != to.mean)
    throw UsageError("the head", "has no bias, which another mean of the numbers needs",
                     "keep it as safetensors, or use a model whose head has a bias");
  weight.copy_(weight.to(torch::kFloat64) * (from.scale / to.scale));
  if (bias.defined()) bias.copy_((bias.to(torch::kFloat64) * from.scale + (from.mean - to.mean)) / to.scale);
}

}  // namespace graft
