// A network as a graph of ONNX operators.
#pragma once

#include "graft/onnx/graph.h"

namespace graft {

class Network;

// The forward pass for images of size×size pixels: input "images", N×3×size×size, float32, normalised; output
// "logits", N×classes. The constants have the names of the network's parameters where they are parameters.
// Batch norm is folded into the convolution before it. The network must be on the CPU, in eval mode and not
// prepared for inference. Throws Error for an operator that has no ONNX form here, and as record_forward().
OnnxGraph graph_of(Network& network, int size);

}  // namespace graft
