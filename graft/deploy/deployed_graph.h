// What a graph of a network needs for use elsewhere. The functions are called in this order, each at most
// once.
#pragma once

#include "graft/data/preprocess.h"
#include "graft/metrics/outcomes.h"
#include "graft/onnx/graph.h"

namespace graft {

class Network;

// Throws Error unless the graph gives the network's logits for images of size×size pixels, within the
// rounding of float32. The network as for graph_of().
void check_graph(const OnnxGraph& graph, Network& network, int size);

// Computes in float16 between the input and the output, which stay float32. Throws Error for weights beyond
// float16's range, and unless the logits for images of size×size pixels stay within 5 % of the largest.
void convert_to_half(OnnxGraph& graph, int size);

// The output of a regression becomes "numbers", in the unit of the labels. Computed in float32.
void add_scale(OnnxGraph& graph, double mean, double scale);

// The input becomes "images", N×size×size×3, uint8: RGB, resized and cropped as `preprocess` says. The output
// of a classification becomes "probabilities": softmax for a class per picture, sigmoid for several.
void add_preprocess(OnnxGraph& graph, const Preprocess& preprocess, LabelKind kind);

}  // namespace graft
