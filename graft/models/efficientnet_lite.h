// EfficientNet-Lite (Tan and Le, arXiv:1905.11946; the lite variants are in TensorFlow's tpu repository):
// EfficientNet without squeeze-and-excitation, with ReLU6 and an unscaled stem and head. There are two kinds
// with the same tensors and different arithmetic.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "graft/models/network.h"
#include "graft/models/registry.h"

namespace graft {

// tensorflow: "SAME" padding and batch norm with an epsilon of 1e-3; parameter names and initialisation as in
// the Python package efficientnet_lite_pytorch; the arithmetic equals that of timm's tf_efficientnet_lite.
// timm: symmetric padding and an epsilon of 1e-5; names and initialisation as in timm's efficientnet_lite.
enum class LiteKind { tensorflow, timm };

struct EfficientNetLiteShape {
  double width = 1.0;    // multiplies the channels of the blocks
  double depth = 1.0;    // multiplies the blocks of a stage
  double dropout = 0.2;  // before the head, in train mode
  double drop_connect =
      0.2;  // probability that a sample skips the last block, in train mode; smaller for earlier blocks
};

NetworkPtr make_efficientnet_lite(const EfficientNetLiteShape& shape, std::int64_t classes, Init init,
                                  LiteKind kind = LiteKind::tensorflow);

// timm's names of the layers → the names of the kind `tensorflow`.
std::map<std::string, std::string> timm_layers(const EfficientNetLiteShape& shape);

}  // namespace graft
