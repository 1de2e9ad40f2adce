// A convolution for inference by oneDNN, called directly: the primitive for a size of input is made once,
// where libtorch describes and looks it up in every call (for MobileNetV3-Large at batch 1 a third of the
// time).
#pragma once

#include <cstdint>
#include <memory>

namespace graft {

// Activations by value, as layers take them.
//
// relu6: min(max(x, 0), 6). hardswish: x · relu6(x + 3) / 6. silu: x · sigmoid(x). gelu: x · Φ(x), exact;
// gelu_tanh: its approximation by tanh; quick_gelu: x · sigmoid(1.702 · x), OpenAI's in CLIP; they give
// different values. hardsigmoid: relu6(x + 3) / 6.
enum class Activation {
  none,
  relu,
  relu6,
  hardswish,
  silu,
  gelu,
  gelu_tanh,
  quick_gelu,
  sigmoid,
  hardsigmoid
};

// Zeros around an image: rows above and below, columns to the left and right.
struct Padding {
  std::int64_t top = 0, left = 0, bottom = 0, right = 0;

  auto operator<=>(const Padding&) const = default;
};

// One layer's convolution of float32 on the CPU. Any number of threads may call it.
class Convolution {
 public:
  struct Weights {
    const float* weight;  // out × kernel_height × kernel_width × in/groups
    const float* bias;    // out
    std::int64_t in, out, groups, kernel_height, kernel_width, stride;
  };
  struct Input {
    std::int64_t images, height, width;
    Padding padding;
    int threads;  // that compute it: omp_get_max_threads() of the caller

    auto operator<=>(const Input&) const = default;
  };
  struct After {
    Activation activation = Activation::none;
    bool with_shortcut = false;

    auto operator<=>(const After&) const = default;
  };

  // Copies the weights in the layout that is fastest for such a call, the usual one. Null in a build without
  // oneDNN.
  static std::unique_ptr<Convolution> make(const Weights& weights, const Input& usual, const After& after);
  virtual ~Convolution() = default;

  // y = activation(convolution(x) + bias + shortcut). x: images × height × width × in; y, and the shortcut if
  // it is not null: images × output height × output width × out. NaN may become 0 in an activation. Throws
  // std::bad_alloc, and EngineError if oneDNN fails.
  virtual void operator()(const Input& input, Activation activation, const float* x, const float* shortcut,
                          float* y) const = 0;
};

}  // namespace graft
