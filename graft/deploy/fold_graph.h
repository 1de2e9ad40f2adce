// Joins nodes of a graph.
#pragma once

#include "graft/onnx/graph.h"

namespace graft {

// Folds batch norm into the convolution before it, and a padding with zeros into the convolution after it.
void fold(OnnxGraph& graph);

}  // namespace graft
