// Post-training quantisation of a graph to 8 bits, as pairs of QuantizeLinear and DequantizeLinear (QDQ):
// activations in uint8 with a zero point, weights in int8 with a scale for each output channel, biases in
// int32 (Jacob et al., "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only
// Inference", arXiv:1712.05877).
#pragma once

#include <set>
#include <string>
#include <vector>

#include "graft/deploy/calibration.h"
#include "graft/onnx/graph.h"

namespace graft {

// A convolution or linear layer with constant weights, by the name of its weights in the graph; for people
// the layer's name is that without ".weight" and what follows it.
std::vector<std::string> quantizable_layers(const OnnxGraph& graph);
std::string layer_name(const std::string& weights);

// The values that quantize() rounds to 8 bits: the inputs and outputs of the layers (the output of ReLU or a
// clip after one in place of its own), and of sums and poolings between them. Not the graph's output.
std::vector<std::string> quantized_values(const OnnxGraph& graph, const std::set<std::string>& in_float);

// `ranges`: of quantized_values(). The layers `in_float` keep their weights and compute in float32. Throws
// Error for weights that are not float32.
OnnxGraph quantize(const OnnxGraph& graph, const GraphStatistics& ranges,
                   const std::set<std::string>& in_float);

}  // namespace graft
