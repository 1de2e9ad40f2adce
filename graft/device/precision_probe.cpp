#include "graft/device/precision_probe.h"

#include <ATen/detail/CUDAHooksInterface.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "graft/core/error.h"
#include "graft/device/autocast.h"

namespace graft {
namespace {

using torch::Tensor;

// bfloat16 keeps 8 bits: a rounded result differs by at most 0.4 % of itself. Wrong kernels are wrong by far.
constexpr double largest_error = 0.02;

struct Trial {
  Tensor input, weight, gradient;
  std::int64_t groups;
};

Trial trial_of(ConvKind kind, const torch::Device& device) {
  const std::int64_t channels = kind == ConvKind::dense ? 64 : 128;
  const std::int64_t groups = kind == ConvKind::dense ? 1 : kind == ConvKind::grouped ? 32 : channels;
  constexpr std::int64_t images = 4, side = 28;
  const auto values = [&](torch::IntArrayRef shape, double scale) {
    // A formula, so that no generator's state is touched. Rounded to bfloat16: both formats see the same.
    std::int64_t count = 1;
    for (const std::int64_t size : shape) count *= size;
    const auto steps = torch::arange(count, torch::TensorOptions().dtype(torch::kFloat32));
    return (steps * 0.7311)
        .sin()
        .mul(scale)
        .reshape(shape)
        .to(torch::kBFloat16)
        .to(torch::kFloat32)
        .to(device, torch::kFloat32, false, false, torch::MemoryFormat::ChannelsLast);
  };
  return {values({images, channels, side, side}, 1), values({channels, channels / groups, 3, 3}, 0.1),
          values({images, channels, side, side}, 1), groups};
}

std::vector<Tensor> run(const Trial& trial) {
  const Tensor input = trial.input.detach().requires_grad_(), weight = trial.weight.detach().requires_grad_();
  Tensor output = torch::conv2d(input, weight, {}, 1, 1, 1, trial.groups);
  output.backward(trial.gradient.to(output.scalar_type()));
  return {output.detach(), input.grad(), weight.grad()};
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

bool is_right(double error) { return error <= largest_error; }  // not where it is NaN

const char* name_of(ConvKind kind) {
  return kind == ConvKind::dense ? "dense" : kind == ConvKind::grouped ? "grouped" : "depthwise";
}

bool has_avx512_bf16() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512bf16") != 0;  // every processor with AMX has it too
#else
  return false;
#endif
}

// What of the device computes in bfloat16 faster than in float32; empty where nothing is known to.
std::string fast_bf16_of(const torch::Device& device) {
  if (device.is_cpu()) return has_avx512_bf16() ? "AVX512-BF16" : "";
  if (device.is_cuda() && at::detail::getCUDAHooks().supportsBFloat16ConvolutionWithCuDNNv8())
    return "tensor cores";
  return "";
}

// Automatic chooses by what the device and the network are, never by measured time: the same command on the
// same machine gives the same model, whatever else the machine computes meanwhile.
PrecisionChoice choose(const std::set<ConvKind>& kinds, const torch::Device& device) {
  const std::string fast = fast_bf16_of(device);
  if (fast.empty())
    return {Precision::fp32, device.is_cpu() ? "no AVX512-BF16" : "bf16 is not known to be faster here"};
  if (kinds.empty()) return {Precision::fp32, "no convolutions"};
  if (device.is_cpu() && kinds.count(ConvKind::depthwise) != 0)
    return {Precision::fp32, "bf16 slows depthwise convolutions down"};
  for (const ConvKind kind : kinds) {
    if (!is_right(bf16_error(kind, device)))
      return {Precision::fp32, std::string("bf16 is wrong or missing in ") + name_of(kind) + " convolutions"};
  }
  return {Precision::bf16, fast};
}

}  // namespace

double bf16_error(ConvKind kind, const torch::Device& device) {
  const torch::AutoGradMode gradients(true);
  try {
    const Trial trial = trial_of(kind, device);
    const auto wide = run(trial);
    const Autocast autocast(device, Precision::bf16);
    return difference(wide, run(trial));
  } catch (const std::exception&) {  // libtorch's, or oneDNN's where the processor lacks the instructions
    return std::numeric_limits<double>::infinity();
  }
}

PrecisionChoice choose_precision(Precision asked, const std::set<ConvKind>& kinds,
                                 const torch::Device& device) {
  if (asked == Precision::automatic) return choose(kinds, device);
  for (const ConvKind kind : kinds) {
    if (asked == Precision::bf16 && !is_right(bf16_error(kind, device))) {
      throw Error("`precision` bf16",
                  std::string("bfloat16 is wrong or missing in ") + name_of(kind) +
                      " convolutions on this machine with this libtorch",
                  "use `precision` fp32");
    }
  }
  return {asked, "as asked"};
}

}  // namespace graft
