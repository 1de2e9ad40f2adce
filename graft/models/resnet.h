// Residual networks as in torchvision: ResNet (He et al., arXiv:1512.03385; with the stride at the 3×3
// convolution, "V1.5"), wide ResNet (Zagoruyko and Komodakis, arXiv:1605.07146), ResNeXt (Xie et al.,
// arXiv:1611.05431), and timm's variants: ResNet-C, D, S and T (He et al., arXiv:1812.01187), SE-ResNet
// (arXiv:1709.01507), ECA-ResNet (Wang et al., arXiv:1910.03151), ResNet-RS (Bello et al., arXiv:2103.07579),
// and ResNet-AA, which averages where it reduces. Parameter names, order and initialisation are those of
// torchvision.models.resnet, and of timm.models.resnet for what only timm has.
#pragma once

#include <array>
#include <cstdint>

#include "graft/models/network.h"
#include "graft/models/registry.h"

namespace graft {

// The convolutions before the first stage: one of 7×7, or three of 3×3, whose first has half as many channels
// as the last (deep) or three eighths (tiered).
enum class ResNetStem { single, deep, tiered };

// After the last convolution of a block: squeeze-and-excitation, or a convolution over the means of the
// channels (efficient channel attention).
enum class ChannelAttention { none, squeeze, efficient };

struct ResNetShape {
  std::array<int, 4> depths = {};  // residual blocks of each stage
  bool bottleneck = false;         // blocks of 1×1, 3×3, 1×1 convolutions rather than two of 3×3
  int groups = 1;                  // of the 3×3 convolution in a bottleneck
  int width_per_group = 64;        // its channels per group in the first stage

  ResNetStem stem = ResNetStem::single;
  std::int64_t stem_channels = 64;  // of a stem of three convolutions
  bool pools_shortcuts = false;  // the mean of 2×2 positions and a convolution, in place of one with a stride
  ChannelAttention attention = ChannelAttention::none;
  int squeeze = 16;       // divides the channels
  bool averages = false;  // the mean of 2×2 positions in place of a stride, and of the maximum in the stem
  bool strided_pool = false;  // a convolution with a stride in place of the stem's maximum
  int shortcut_kernel = 1;    // of convolutions with a stride in shortcuts
  int reduction = 1;          // divides the outputs of a block's first convolution
  bool zero_last = false;     // the last norm of each block begins with 0, as in timm
};

NetworkPtr make_resnet(const ResNetShape& shape, std::int64_t classes, Init init);

}  // namespace graft
