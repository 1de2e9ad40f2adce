// The inner loops of a resize: one row horizontally, and one row from several vertically. All implementations
// give the same bytes; the portable one is the reference.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "graft/image/filter_taps.h"

namespace graft {

// Resamples rows of one width along x. For one thread; `taps` must outlive the kernel.
class AcrossKernel {
 public:
  virtual ~AcrossKernel() = default;
  // width × 3 bytes in, taps.outputs() × 3 bytes out.
  virtual void run(const std::uint8_t* row, std::uint8_t* out) = 0;
};

struct ResampleKernels {
  std::unique_ptr<AcrossKernel> (*across)(int width, const FilterTaps& taps);
  // The weighted sum of `count` ≥ 1 rows of `values` bytes.
  void (*down)(const std::uint8_t* const* rows, const std::int32_t* weights, int count, std::size_t values,
               std::uint8_t* out);
};

const ResampleKernels& portable_kernels();
// Null if the processor has no AVX2 or the build does not support it.
const ResampleKernels* avx2_kernels();

// The fastest kernels for this processor.
const ResampleKernels& best_kernels();

// A weighted sum of 8-bit values → 8 bits: rounded, clamped.
inline std::uint8_t from_fixed(std::int32_t sum) {
  const std::int32_t value = (sum + (1 << (weight_bits - 1))) >> weight_bits;
  return static_cast<std::uint8_t>(value < 0 ? 0 : value > 255 ? 255 : value);
}

}  // namespace graft
