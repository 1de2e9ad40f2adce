#include "graft/kernels/linear_gradient.h"

#include "graft/kernels/one_dnn_engine.h"

namespace graft {
namespace {

using Matrix = dnnl::memory::desc;
using Gradient = dnnl::inner_product_backward_weights;

Gradient::primitive_desc describe_gradient(const Matrix& x, const Matrix& of_weight, const Matrix& of_bias,
                                           const Matrix& of_y) {
  using Forward = dnnl::inner_product_forward;
  const auto training = dnnl::prop_kind::forward_training;
#if DNNL_VERSION_MAJOR >= 3
  return {one_dnn_engine(),
          x,
          of_weight,
          of_bias,
          of_y,
          Forward::primitive_desc(one_dnn_engine(), training, x, of_weight, of_bias, of_y)};
#else
  return {{x, of_weight, of_bias, of_y},
          one_dnn_engine(),
          Forward::primitive_desc({training, x, of_weight, of_bias, of_y}, one_dnn_engine())};
#endif
}

}  // namespace

bool linear_gradient(std::int64_t rows, std::int64_t in, std::int64_t out, const float* x, const float* of_y,
                     float* of_weight, float* of_bias) {
  constexpr auto float32 = dnnl::memory::data_type::f32;
  using Format = dnnl::memory::format_tag;
  return guarded([&] {
    require_memory_for_code();
    const Matrix of_x({rows, in}, float32, Format::nc), of_rows({rows, out}, float32, Format::nc);
    const Matrix weight({out, in}, float32, Format::oi);
    // Without a description none is computed.
    const Matrix bias = of_bias == nullptr ? Matrix() : Matrix({out}, float32, Format::x);
    // The library keeps the primitives of recent sizes. Handles are not const; it writes into the gradients
    // alone.
    Gradient(describe_gradient(of_x, weight, bias, of_rows))
        .execute(one_dnn_stream(),
                 {{DNNL_ARG_SRC, dnnl::memory(of_x, one_dnn_engine(), const_cast<float*>(x))},
                  {DNNL_ARG_DIFF_DST, dnnl::memory(of_rows, one_dnn_engine(), const_cast<float*>(of_y))},
                  {DNNL_ARG_DIFF_WEIGHTS, dnnl::memory(weight, one_dnn_engine(), of_weight)},
                  {DNNL_ARG_DIFF_BIAS, dnnl::memory(bias, one_dnn_engine(), of_bias)}});
    return true;
  });
}

}  // namespace graft
