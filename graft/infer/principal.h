// Principal components: Pearson, "On Lines and Planes of Closest Fit to Systems of Points in Space" (1901).
#pragma once

#include <cstdint>

#include "graft/device/torch.h"

namespace graft {

// The coordinates of each row (N×F, float32, on the CPU) along the `count` directions of the largest
// variance, N×count: scikit-learn's PCA(count).fit_transform, with the sign of each component chosen so that
// its largest coordinate is positive. Components without variance are 0.
torch::Tensor principal_coordinates(const torch::Tensor& rows, std::int64_t count);

}  // namespace graft
