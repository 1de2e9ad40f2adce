#include "graft/device/precision_probe.h"

#include <ATen/detail/CUDAHooksInterface.h>

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <utility>

#include "graft/core/error.h"
#include "graft/device/autocast.h"

namespace graft {
namespace {

using torch::Tensor;

// bfloat16 has 8 significant bits: a rounded result differs by at most 0.4 %. The errors of wrong kernels are
// far larger.
constexpr double largest_error = 0.02;

// An operator with its inputs and the gradient of its output.
struct Trial {
  std::function<Tensor(const std::vector<Tensor>& inputs)> compute;
  std::vector<Tensor> inputs;
  Tensor gradient;
};

// From a formula, so that no generator's state changes. Rounded to bfloat16, so that both formats get the
// same values.
Tensor values(torch::IntArrayRef shape, double scale, const torch::Device& device) {
  std::int64_t count = 1;
  for (const std::int64_t size : shape) count *= size;
  const auto steps = torch::arange(count, torch::TensorOptions().dtype(torch::kFloat32));
  return (steps * 0.7311).sin().mul(scale).reshape(shape).to(torch::kBFloat16).to(device, torch::kFloat32);
}

Trial convolution(std::int64_t channels, std::int64_t groups, const torch::Device& device) {
  constexpr std::int64_t images = 4, side = 28;
  const auto laid_out = [&](torch::IntArrayRef shape, double scale) {
    return values(shape, scale, device).contiguous(torch::MemoryFormat::ChannelsLast);
  };
  return {
      [groups](const std::vector<Tensor>& in) { return torch::conv2d(in[0], in[1], {}, 1, 1, 1, groups); },
      {laid_out({images, channels, side, side}, 1), laid_out({channels, channels / groups, 3, 3}, 0.1)},
      laid_out({images, channels, side, side}, 1)};
}

Trial linear(const torch::Device& device) {
  constexpr std::int64_t images = 4, tokens = 49, in = 128, out = 256;
  return {[](const std::vector<Tensor>& inputs) { return torch::linear(inputs[0], inputs[1]); },
          {values({images, tokens, in}, 1, device), values({out, in}, 0.1, device)},
          values({images, tokens, out}, 1, device)};
}

Trial attention(const torch::Device& device) {
  constexpr std::int64_t images = 2, heads = 4, tokens = 50, width = 32;
  const auto part = [&](double scale) { return values({images, heads, tokens, width}, scale, device); };
  return {
      [](const std::vector<Tensor>& in) { return torch::scaled_dot_product_attention(in[0], in[1], in[2]); },
      {part(1), part(0.9), part(0.8)},
      part(1)};
}

Trial trial_of(OpKind kind, const torch::Device& device) {
  switch (kind) {
    case OpKind::dense_conv:
      return convolution(64, 1, device);
    case OpKind::grouped_conv:
      return convolution(128, 32, device);
    case OpKind::depthwise_conv:
      return convolution(128, 128, device);
    case OpKind::linear:
      return linear(device);
    default:
      return attention(device);
  }
}

// The output and the gradients of the inputs.
std::vector<Tensor> run(const Trial& trial) {
  std::vector<Tensor> inputs;
  for (const Tensor& input : trial.inputs) inputs.push_back(input.detach().requires_grad_());
  const Tensor output = trial.compute(inputs);
  output.backward(trial.gradient.to(output.scalar_type()));
  std::vector<Tensor> results = {output.detach()};
  for (const Tensor& input : inputs) results.push_back(input.grad());
  return results;
}

double difference(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Tensor wide = a[i].to(torch::kFloat32);
    const double apart = (wide - b[i].to(torch::kFloat32)).abs().max().item<double>();
    worst = std::max(worst, apart / wide.abs().max().item<double>());
  }
  return worst;
}

bool is_right(double error) { return error <= largest_error; }  // false for NaN

const char* name_of(OpKind kind) {
  constexpr std::array names = {"dense convolutions", "grouped convolutions", "depthwise convolutions",
                                "linear layers", "attention"};
  return names[static_cast<std::size_t>(kind)];
}

bool has_avx512_bf16() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512bf16") != 0;  // every processor with AMX has it too
#else
  return false;
#endif
}

// The hardware unit that makes bfloat16 faster than float32 on the device; empty if none is known.
std::string fast_bf16_of(const torch::Device& device) {
  if (device.is_cpu()) return has_avx512_bf16() ? "AVX512-BF16" : "";
  if (device.is_cuda() && at::detail::getCUDAHooks().supportsBFloat16ConvolutionWithCuDNNv8())
    return "tensor cores";
  return "";
}

// The automatic choice depends on the device and the network, never on measured time: the same command on the
// same machine gives the same model, whatever its load.
PrecisionChoice choose(const std::set<OpKind>& kinds, const torch::Device& device) {
  const std::string fast = fast_bf16_of(device);
  if (fast.empty())
    return {Precision::fp32, device.is_cpu() ? "no AVX512-BF16" : "bf16 is not known to be faster here"};
  if (kinds.empty()) return {Precision::fp32, "no operators that bf16 makes faster"};
  if (device.is_cpu() && kinds.count(OpKind::depthwise_conv) != 0)
    return {Precision::fp32, "bf16 slows depthwise convolutions down"};
  for (const OpKind kind : kinds) {
    if (!is_right(bf16_error(kind, device)))
      return {Precision::fp32, std::string("bf16 is wrong or missing in ") + name_of(kind)};
  }
  return {Precision::bf16, fast};
}

}  // namespace

double bf16_error(OpKind kind, const torch::Device& device) {
  const torch::AutoGradMode gradients(true);
  try {
    const Trial trial = trial_of(kind, device);
    const auto wide = run(trial);
    const Autocast autocast(device, Precision::bf16);
    return difference(wide, run(trial));
  } catch (const std::exception&) {  // of libtorch, or of oneDNN if the processor lacks the instructions
    return std::numeric_limits<double>::infinity();
  }
}

PrecisionChoice choose_precision(Precision asked, const std::set<OpKind>& kinds,
                                 const torch::Device& device) {
  if (asked == Precision::automatic) return choose(kinds, device);
  for (const OpKind kind : kinds) {
    if (asked == Precision::bf16 && !is_right(bf16_error(kind, device))) {
      throw Error("`precision` bf16",
                  std::string("bfloat16 is wrong or missing in ") + name_of(kind) +
                      " on this machine with this libtorch",
                  "use `precision` fp32");
    }
  }
  return {asked, "as asked"};
}

torch::ScalarType widest_float(const torch::Device& device) {
  return device.is_mps() || device.is_xpu() ? torch::kFloat32 : torch::kFloat64;
}

}  // namespace graft
