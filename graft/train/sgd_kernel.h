// One step of SGD over a run of float32 values in a single pass: the operators of the reference read and
// write the same memory four times.
#pragma once

#include <cstddef>

namespace graft {

struct SgdFactors {
  float lr = 0, momentum = 0, weight_decay = 0;
};

// Whether this processor multiplies and adds in one rounding, as torch's operators do where it can.
bool has_sgd_kernel();

// g ← gradient + weight_decay · w;  v ← momentum · v + g;  w ← w − lr · v, rounded as torch.optim.SGD's
// operators round. `velocity` may be null: then v is g.
void sgd_pass(float* weights, const float* gradient, float* velocity, std::size_t count,
              const SgdFactors& factors);

}  // namespace graft
