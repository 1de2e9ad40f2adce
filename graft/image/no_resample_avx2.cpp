// Where AVX2 does not exist.
#include "graft/image/resample_kernels.h"

namespace graft {

const ResampleKernels* avx2_kernels() { return nullptr; }

}  // namespace graft
