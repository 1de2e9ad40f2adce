// The choice between bfloat16 and float32. With AVX-512-BF16 or AMX a dense convolution in bfloat16 is twice
// as fast as in float32 (linear layers and attention use the same instructions) and a depthwise one slower;
// without them bfloat16 is several times slower, and some builds of libtorch have been wrong. The probe tests
// on the machine which kinds of operators are correct.
#pragma once

#include <set>
#include <string>

#include "graft/device/device.h"
#include "graft/device/torch.h"

namespace graft {

// The largest difference between bfloat16 and float32 in one small operator of the kind, forward and
// backward, relative to the largest value: 0.002 to 0.01 if both are correct. Infinite if the device lacks
// the format. The first call takes a few tens of milliseconds, mostly to compile kernels.
double bf16_error(OpKind kind, const torch::Device& device);

struct PrecisionChoice {
  Precision precision = Precision::fp32;  // never automatic
  std::string reason;                     // for people
};

// Resolves `asked` for a network with these kinds of operators (Network::op_kinds). Automatic chooses bf16 if
// the device has instructions for it, they speed up every kind, and the results are correct; it measures no
// time, so the same machine and network always get the same choice. Throws Error if bf16 is requested and is
// wrong or missing.
PrecisionChoice choose_precision(Precision asked, const std::set<OpKind>& kinds, const torch::Device& device);

// The widest floating-point format that every device of the type supports: float64, but float32 on MPS, which
// lacks float64, and on XPU, where some devices lack it.
torch::ScalarType widest_float(const torch::Device& device);

}  // namespace graft
