// Residual networks as in torchvision: ResNet (He et al., arXiv:1512.03385; with the stride at the 3×3
// convolution, "V1.5"), wide ResNet (Zagoruyko and Komodakis, arXiv:1605.07146), ResNeXt (Xie et al.,
// arXiv:1611.05431). Parameter names, order and initialisation are those of torchvision.models.resnet.
#pragma once

#include <array>
#include <cstdint>

#include "graft/models/network.h"
#include "graft/models/registry.h"

namespace graft {

struct ResNetShape {
  std::array<int, 4> depths = {};  // residual blocks of each stage
  bool bottleneck = false;         // blocks of 1×1, 3×3, 1×1 convolutions rather than two of 3×3
  int groups = 1;                  // of the 3×3 convolution in a bottleneck
  int width_per_group = 64;        // its channels per group in the first stage
};

NetworkPtr make_resnet(const ResNetShape& shape, std::int64_t classes, Init init);

}  // namespace graft
