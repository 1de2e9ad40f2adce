// For processors without AVX2.
#include "graft/image/resample_kernels.h"

namespace graft {

const ResampleKernels* avx2_kernels() { return nullptr; }

}  // namespace graft
