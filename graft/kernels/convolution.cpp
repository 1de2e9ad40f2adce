#include "graft/kernels/convolution.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <mutex>
#include <new>
#include <shared_mutex>
#include <utility>
#include <vector>

#include "graft/kernels/one_dnn_engine.h"

namespace graft {
namespace {

using Description = dnnl::memory::desc;
using Format = dnnl::memory::format_tag;
using Algorithm = dnnl::algorithm;

constexpr auto float32 = dnnl::memory::data_type::f32;
constexpr std::size_t max_primitives = 64;  // of a convolution: different inputs, such as sizes of batches

void append(dnnl::post_ops& operations, Algorithm algorithm, float alpha = 0, float beta = 0) {
#if DNNL_VERSION_MAJOR >= 3
  operations.append_eltwise(algorithm, alpha, beta);
#else
  operations.append_eltwise(1.F, algorithm, alpha, beta);
#endif
}

void append(dnnl::post_ops& operations, Activation activation) {
  switch (activation) {
    case Activation::none:
      return;
    case Activation::relu:
      return append(operations, Algorithm::eltwise_relu);
    case Activation::relu6:
      return append(operations, Algorithm::eltwise_clip, 0, 6);
    case Activation::hardswish:
      // Version 2 has these factors built in.
      return append(operations, Algorithm::eltwise_hardswish, 1.F / 6, 0.5F);
    case Activation::silu:
      return append(operations, Algorithm::eltwise_swish, 1);
    case Activation::gelu:
      return append(operations, Algorithm::eltwise_gelu_erf);
    case Activation::gelu_tanh:
      return append(operations, Algorithm::eltwise_gelu_tanh);
    case Activation::quick_gelu:
      return append(operations, Algorithm::eltwise_swish, 1.702F);
    case Activation::sigmoid:
      return append(operations, Algorithm::eltwise_logistic);
    case Activation::hardsigmoid:
      append(operations, Algorithm::eltwise_linear, 1.F / 6, 0.5F);
      return append(operations, Algorithm::eltwise_clip, 0, 1);
  }
}

dnnl::convolution_forward::primitive_desc describe(const Description& x, const Description& weight,
                                                   const Description& bias, const Description& y,
                                                   std::int64_t stride, const Padding& padding,
                                                   const dnnl::primitive_attr& attributes) {
  const auto kind = dnnl::prop_kind::forward_inference;
  const dnnl::memory::dims strides = {stride, stride}, dilations = {0, 0};
  const dnnl::memory::dims before = {padding.top, padding.left}, after = {padding.bottom, padding.right};
#if DNNL_VERSION_MAJOR >= 3
  return {one_dnn_engine(),
          kind,
          Algorithm::convolution_direct,
          x,
          weight,
          bias,
          y,
          strides,
          dilations,
          before,
          after,
          attributes};
#else
  return {{kind, Algorithm::convolution_direct, x, weight, bias, y, strides, dilations, before, after},
          attributes,
          one_dnn_engine()};
#endif
}

// Aligned as oneDNN prefers.
class Scratchpad {
 public:
  explicit Scratchpad(std::size_t bytes)
      : bytes_(bytes == 0 ? nullptr : ::operator new(bytes, std::align_val_t(64))) {}
  ~Scratchpad() {
    if (bytes_ != nullptr) ::operator delete(bytes_, std::align_val_t(64));
  }
  Scratchpad(const Scratchpad&) = delete;
  Scratchpad& operator=(const Scratchpad&) = delete;
  void* data() const { return bytes_; }

 private:
  void* bytes_;
};

struct Primitive {
  dnnl::convolution_forward convolution;
  Description x, y, scratchpad;
  dnnl::memory weight;
};

class OneDnnConvolution : public Convolution {
 public:
  OneDnnConvolution(const Weights& weights, const Input& usual, const After& after)
      : shape_(weights),
        weight_dims_({weights.groups, weights.out / weights.groups, weights.in / weights.groups,
                      weights.kernel_height, weights.kernel_width}),
        bias_({{weights.out}, float32, Format::x}, one_dnn_engine()) {
    std::copy_n(weights.bias, weights.out, static_cast<float*>(bias_.get_data_handle()));
    if (weights.groups == 1) weight_dims_.erase(weight_dims_.begin());
    given_ = dnnl::memory({weight_dims_, float32, weights.groups == 1 ? Format::ohwi : Format::gohwi},
                          one_dnn_engine(),
                          const_cast<float*>(weights.weight));  // oneDNN's handles are not const
    primitive_for({usual, after});
    given_ = {};
    shape_.weight = shape_.bias = nullptr;
  }

  void operator()(const Input& input, Activation activation, const float* x, const float* shortcut,
                  float* y) const override {
    guarded([&] { run(input, activation, x, shortcut, y); });
  }

 private:
  using Key = std::pair<Input, After>;

  void run(const Input& input, Activation activation, const float* x, const float* shortcut, float* y) const {
    const auto primitive = primitive_for({input, {activation, shortcut != nullptr}});
    // It writes into y and the scratchpad alone.
    const dnnl::memory from(primitive->x, one_dnn_engine(), const_cast<float*>(x));
    const dnnl::memory to(primitive->y, one_dnn_engine(), y);
    const dnnl::memory added(primitive->y, one_dnn_engine(),
                             const_cast<float*>(shortcut == nullptr ? y : shortcut));
    const Scratchpad buffer(primitive->scratchpad.get_size());
    const dnnl::memory scratchpad(primitive->scratchpad, one_dnn_engine(), buffer.data());
    // The class's own call takes a hash map, whose allocations take as long as the other parts of the call.
    const std::array<dnnl_exec_arg_t, 6> arguments = {
        {{DNNL_ARG_SRC, from.get()},
         {DNNL_ARG_WEIGHTS, primitive->weight.get()},
         {DNNL_ARG_BIAS, bias_.get()},
         {DNNL_ARG_DST, to.get()},
         {DNNL_ARG_SCRATCHPAD, scratchpad.get()},
         {DNNL_ARG_ATTR_MULTIPLE_POST_OP(0) | DNNL_ARG_SRC_1, added.get()}}};
    const int count = shortcut == nullptr ? 5 : 6;
    dnnl::error::wrap_c_api(
        dnnl_primitive_execute(primitive->convolution.get(), one_dnn_stream().get(), count, arguments.data()),
        "could not execute the primitive");
  }

  std::shared_ptr<const Primitive> primitive_for(const Key& key) const {
    {
      const std::shared_lock lock(mutex_);
      const auto found = primitives_.find(key);
      if (found != primitives_.end()) return found->second;
    }
    const std::unique_lock lock(mutex_);
    const auto found = primitives_.find(key);  // another thread may have made it
    if (found != primitives_.end()) return found->second;
    if (primitives_.size() >= max_primitives) primitives_.clear();
    return primitives_.emplace(key, make_primitive(key)).first->second;
  }

  std::shared_ptr<const Primitive> make_primitive(const Key& key) const {
    require_memory_for_code();
    const auto& [input, after] = key;
    const Padding& padding = input.padding;
    const auto outputs = [&](std::int64_t size, std::int64_t zeros, std::int64_t kernel) {
      return (size + zeros - kernel) / shape_.stride + 1;
    };
    const Description x({input.images, shape_.in, input.height, input.width}, float32, Format::nhwc);
    const Description y(
        {input.images, shape_.out, outputs(input.height, padding.top + padding.bottom, shape_.kernel_height),
         outputs(input.width, padding.left + padding.right, shape_.kernel_width)},
        float32, Format::nhwc);
    dnnl::post_ops operations;
    if (after.with_shortcut) operations.append_binary(Algorithm::binary_add, y);
    append(operations, after.activation);
    dnnl::primitive_attr attributes;
    attributes.set_post_ops(operations);
    // The scratchpad of the library is not for several threads.
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    const auto described = describe(x, {weight_dims_, float32, Format::any}, bias_.get_desc(), y,
                                    shape_.stride, padding, attributes);
    return std::make_shared<Primitive>(Primitive{dnnl::convolution_forward(described), x, y,
                                                 described.scratchpad_desc(),
                                                 packed(described.weights_desc())});
  }

  dnnl::memory packed(const Description& layout) const {
    for (const dnnl::memory& each : packed_) {
      if (each.get_desc() == layout) return each;
    }
    dnnl::memory from = packed_.empty() ? given_ : packed_.front(), converted(layout, one_dnn_engine());
    dnnl::reorder(from, converted).execute(one_dnn_stream(), from, converted);
    one_dnn_stream().wait();
    packed_.push_back(converted);
    return converted;
  }

  Weights shape_;
  dnnl::memory::dims weight_dims_;
  dnnl::memory bias_, given_;  // the caller's weights, for the first primitive
  mutable std::shared_mutex mutex_;
  mutable std::map<Key, std::shared_ptr<const Primitive>> primitives_;
  mutable std::vector<dnnl::memory> packed_;  // the weights in each layout that a primitive uses
};

}  // namespace

std::unique_ptr<Convolution> Convolution::make(const Weights& weights, const Input& usual,
                                               const After& after) {
  return guarded([&] { return std::make_unique<OneDnnConvolution>(weights, usual, after); });
}

}  // namespace graft
