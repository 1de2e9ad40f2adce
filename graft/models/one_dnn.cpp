#include "graft/models/one_dnn.h"

#include <torch/csrc/autograd/custom_function.h>

#include <tuple>
#include <utility>

#include "graft/kernels/linear_gradient.h"

namespace graft {
namespace {

using torch::Tensor;

struct LinearWithGradients : torch::autograd::Function<LinearWithGradients> {
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& x, const Tensor& weight,
                        const Tensor& bias) {
    context->save_for_backward({x, weight});
    return inner_product(x, weight, bias);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const Tensor &x = saved[0], &weight = saved[1];
    const Tensor of_rows = gradients[0].reshape({-1, weight.size(0)});
    Tensor of_x, of_weight, of_bias;
    if (context->needs_input_grad(0)) of_x = inner_product(of_rows, weight.t(), {}).view(x.sizes());
    const bool with_bias = context->needs_input_grad(2);
    if (context->needs_input_grad(1))
      std::tie(of_weight, of_bias) = of_parameters(x.reshape({-1, weight.size(1)}), of_rows, with_bias);
    else if (with_bias)
      of_bias = of_rows.sum(0);
    return {of_x, of_weight, of_bias};
  }

  // The gradients of weight and bias; the latter is undefined without `with_bias`.
  static std::pair<Tensor, Tensor> of_parameters(const Tensor& x, const Tensor& of_rows, bool with_bias) {
    const Tensor rows = x.contiguous(), of_y = of_rows.contiguous();
    Tensor of_weight = torch::empty({of_y.size(1), rows.size(1)}, rows.options());
    Tensor of_bias = with_bias ? torch::empty({of_y.size(1)}, rows.options()) : Tensor();
    const bool computed =
        rows.size(0) > 0 && rows.scalar_type() == torch::kFloat32 &&
        linear_gradient(rows.size(0), rows.size(1), of_y.size(1), rows.const_data_ptr<float>(),
                        of_y.const_data_ptr<float>(), of_weight.mutable_data_ptr<float>(),
                        with_bias ? of_bias.mutable_data_ptr<float>() : nullptr);
    if (computed) return {of_weight, of_bias};
    return {of_y.t().mm(rows), with_bias ? of_y.sum(0) : Tensor()};
  }
};

}  // namespace

OneDnnOperator::OneDnnOperator(const char* name, const char* overload)
    : handle_(c10::Dispatcher::singleton().findSchema({name, overload})) {}

torch::Tensor OneDnnOperator::operator()(std::vector<c10::IValue> arguments) const {
  handle_->callBoxed(&arguments);
  return arguments.front().toTensor();
}

const LinearOperators& linear_operators() {
  static const LinearOperators all;
  return all;
}

// The strides of both matrices are free.
Tensor inner_product(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  return linear_operators().linear({x, weight, bias.defined() ? c10::IValue(bias) : c10::IValue(), "none",
                                    c10::List<std::optional<at::Scalar>>(), ""});
}

Tensor trainable_linear(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  // An autograd function takes no undefined tensor.
  return LinearWithGradients::apply(x, weight,
                                    bias.defined() ? bias : torch::zeros({weight.size(0)}, weight.options()));
}

bool may_use_one_dnn(const torch::Tensor& x) {
  const bool known = x.scalar_type() == torch::kFloat32 || x.scalar_type() == torch::kBFloat16;
  return known && x.device().is_cpu() && at::globalContext().userEnabledMkldnn();
}

}  // namespace graft
