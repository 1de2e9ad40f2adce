// What a graph of a network needs for use elsewhere: its input as 8-bit pixels, its output as probabilities,
// and half-precision weights.
#pragma once

#include "graft/data/preprocess.h"
#include "graft/metrics/outcomes.h"
#include "graft/onnx/graph.h"

namespace graft {

class Network;

// Throws Error unless the graph gives the network's logits, within 1e-4 of the largest, for images of
// size×size pixels. The network as for graph_of().
void check_graph(const OnnxGraph& graph, Network& network, int size);

// The input becomes "images", N×size×size×3, uint8: RGB, resized and cropped as `preprocess` says. The output
// becomes "probabilities" (softmax for a class per picture, sigmoid for several), or "numbers".
void add_preprocess(OnnxGraph& graph, const Preprocess& preprocess, LabelKind kind);

// Computes in float16 between the input and the output, which keep their types. Throws Error for weights
// beyond float16's range.
void convert_to_half(OnnxGraph& graph);

}  // namespace graft
