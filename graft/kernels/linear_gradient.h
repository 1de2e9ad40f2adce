// The gradient of a linear layer's weights by oneDNN, called directly: libtorch's operator copies transposed
// matrices, and MKL takes 1.2 times as long on the measured processor (AMD with AVX-512).
#pragma once

#include <cstdint>

namespace graft {

// of_weight = of_yᵀ · x, of_bias = the sum of of_y's rows, unless it is null. x: rows × in; of_y: rows × out;
// of_weight: out × in; of_bias: out; float32. False, and nothing is computed, in a build without oneDNN.
// Throws std::bad_alloc, and EngineError if oneDNN fails.
bool linear_gradient(std::int64_t rows, std::int64_t in, std::int64_t out, const float* x, const float* of_y,
                     float* of_weight, float* of_bias);

}  // namespace graft
