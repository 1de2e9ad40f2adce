// Is bfloat16 faster than float32 here, and right? The answer differs by processor, by libtorch and by the
// kind of convolution: with AVX-512-BF16 or AMX a dense convolution is twice as fast and a depthwise one
// slower; without them bfloat16 is several times slower, and some builds have been wrong. So it is tried.
#pragma once

#include <torch/torch.h>

#include <set>
#include <string>

#include "graft/device/precision.h"

namespace graft {

enum class ConvKind { dense, grouped, depthwise };

struct PrecisionProbe {
  double speedup = 0;       // float32's time ÷ bfloat16's, forward and backward
  double error = 0;         // largest difference, relative to the largest value
  bool worthwhile = false;  // right, and faster by enough to be so in every run
};

// One convolution of the kind, small on the CPU, forward and backward, in both formats: a few tens of
// milliseconds the first time, most of it compiling kernels. A format that the device does not have is not
// worthwhile.
PrecisionProbe probe_bf16(ConvKind kind, const torch::Device& device);

struct PrecisionChoice {
  Precision precision = Precision::fp32;  // never automatic
  std::string reason;                     // for people
};

// What `asked` comes to for a network of these kinds of convolutions: automatic takes bf16 where every kind
// is worthwhile. Throws Error where bf16 is asked for and is wrong or missing here.
PrecisionChoice choose_precision(Precision asked, const std::set<ConvKind>& kinds,
                                 const torch::Device& device);

}  // namespace graft
