#include "graft/train/sgd_kernel.h"

#include <cmath>

#if defined(__x86_64__) && defined(__GNUC__)
#define GRAFT_WITH_FMA __attribute__((target("avx2,fma")))
#else
#define GRAFT_WITH_FMA
#endif

namespace graft {

bool has_sgd_kernel() {
#if defined(__x86_64__) && defined(__GNUC__)
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
#else
  return true;  // std::fma is exact everywhere, and an instruction on all other processors that libtorch is
                // for
#endif
}

GRAFT_WITH_FMA
void sgd_pass(float* weights, const float* gradient, float* velocity, std::size_t count,
              const SgdFactors& factors) {
  const auto [lr, momentum, weight_decay] = factors;
  for (std::size_t i = 0; i < count; ++i) {
    float step = gradient[i];
    if (weight_decay != 0) step = std::fma(weights[i], weight_decay, step);
    if (velocity != nullptr) step = velocity[i] = velocity[i] * momentum + step;
    weights[i] = std::fma(step, -lr, weights[i]);
  }
}

}  // namespace graft
