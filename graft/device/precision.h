// In which floating-point format a network that learns is computed; no torch.
#pragma once

#include <array>

#include "graft/core/option.h"

namespace graft {

// fp32: float32 throughout, as the reference. bf16: convolutions and matrix products in bfloat16, everything
// that sums up (weights, losses, batch norm's statistics) in float32, as torch.autocast does.
// automatic: bf16 where the device is fast and right in it (precision_probe.h), else fp32.
enum class Precision { automatic, fp32, bf16 };
template <>
struct EnumNames<Precision> {
  static constexpr std::array<const char*, 3> names = {"auto", "fp32", "bf16"};
};

}  // namespace graft
