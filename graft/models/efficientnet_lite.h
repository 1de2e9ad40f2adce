// EfficientNet-Lite (Tan and Le, arXiv:1905.11946; the lite variants are in TensorFlow's tpu repository):
// EfficientNet without squeeze-and-excitation and with ReLU6, stem and head not scaled. There are two kinds
// of the same tensors that compute differently.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "graft/models/network.h"
#include "graft/models/registry.h"

namespace graft {

// tensorflow: "SAME" padding and batch norm with an epsilon of 1e-3; parameter names and initialisation are
// those of the Python package efficientnet_lite_pytorch, whose arithmetic timm's tf_efficientnet_lite shares.
// timm: as much padding on every side and an epsilon of 1e-5, timm's names and initialisation: its
// efficientnet_lite.
enum class LiteKind { tensorflow, timm };

struct EfficientNetLiteShape {
  double width = 1.0;         // multiplies the channels of the blocks
  double depth = 1.0;         // multiplies the blocks of a stage
  double dropout = 0.2;       // before the head, in train mode
  double drop_connect = 0.2;  // chance that a sample goes past the last block, in train mode; less before it
};

NetworkPtr make_efficientnet_lite(const EfficientNetLiteShape& shape, std::int64_t classes, Init init,
                                  LiteKind kind = LiteKind::tensorflow);

// timm's names of the layers → the names of the kind `tensorflow`.
std::map<std::string, std::string> timm_layers(const EfficientNetLiteShape& shape);

}  // namespace graft
