// Whether to compute in bfloat16 or float32. With AVX-512-BF16 or AMX a dense convolution in bfloat16 is
// twice as fast as in float32 (linear layers and attention use the same instructions) and a depthwise one
// slower; without them bfloat16 is several times slower, and some builds of libtorch have been wrong. Which
// of the kinds is right is tried on the machine.
#pragma once

#include <set>
#include <string>

#include "graft/device/device.h"
#include "graft/device/torch.h"

namespace graft {

// The largest difference between bfloat16 and float32 in one small operator of the kind, forward and
// backward, relative to the largest value: 0.002 to 0.01 where both are right. Infinite where the device
// lacks the format. A few tens of milliseconds the first time, most of it compiling kernels.
double bf16_error(OpKind kind, const torch::Device& device);

struct PrecisionChoice {
  Precision precision = Precision::fp32;  // never automatic
  std::string reason;                     // for people
};

// What `asked` comes to for a network of these kinds of operators (Network::op_kinds). Automatic takes bf16
// where the device has instructions for it, these speed up every kind, and the results are right; it measures
// no time, so the same machine and network always get the same answer. Throws Error where bf16 is asked for
// and is wrong or missing here.
PrecisionChoice choose_precision(Precision asked, const std::set<OpKind>& kinds, const torch::Device& device);

// The widest floating-point format that can be counted on there: float64, but float32 on MPS, which has none,
// and on XPU, where some have none.
torch::ScalarType widest_float(const torch::Device& device);

}  // namespace graft
