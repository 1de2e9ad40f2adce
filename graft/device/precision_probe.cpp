#include "graft/device/precision_probe.h"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/stopwatch.h"
#include "graft/device/autocast.h"

namespace graft {
namespace {

using torch::Tensor;

// Faster by less could be slower in the next run, and a training that chooses differently each time is not
// worth it.
constexpr double least_speedup = 1.25;
// bfloat16 keeps 8 bits: a rounded result differs by at most 0.4 % of itself. Wrong kernels are wrong by far.
constexpr double largest_error = 0.02;
constexpr int tries = 3;

struct Trial {
  Tensor input, weight, gradient;
  std::int64_t groups;
};

Trial trial_of(ConvKind kind, const torch::Device& device) {
  const std::int64_t channels = kind == ConvKind::dense ? 64 : 128;
  const std::int64_t groups = kind == ConvKind::dense ? 1 : kind == ConvKind::grouped ? 32 : channels;
  // An accelerator starts a convolution for longer than it computes a small one.
  const std::int64_t images = device.is_cpu() ? 4 : 64, side = device.is_cpu() ? 28 : 56;
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

double seconds_of(const Trial& trial) {
  double best = std::numeric_limits<double>::infinity();
  for (int i = 0; i < tries; ++i) {
    const Stopwatch watch;
    run(trial).back().sum().item<double>();  // waits for the device
    best = std::min(best, watch.seconds());
  }
  return best;
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

PrecisionProbe compare(const Trial& trial, const torch::Device& device) {
  PrecisionProbe probe;
  const auto wide = run(trial);
  const double wide_seconds = seconds_of(trial);
  const Autocast autocast(device, Precision::bf16);
  probe.error = difference(wide, run(trial));
  if (!(probe.error <= largest_error)) return probe;  // NaN too
  probe.speedup = wide_seconds / seconds_of(trial);
  probe.worthwhile = probe.speedup >= least_speedup;
  return probe;
}

const char* name_of(ConvKind kind) {
  return kind == ConvKind::dense ? "dense" : kind == ConvKind::grouped ? "grouped" : "depthwise";
}

std::string describe(ConvKind kind, const PrecisionProbe& probe) {
  char text[96];
  if (probe.error <= largest_error) {
    std::snprintf(text, sizeof text, "bf16 %.1f times as fast in %s convolutions", probe.speedup,
                  name_of(kind));
  } else {
    std::snprintf(text, sizeof text, "bf16 is wrong or missing in %s convolutions", name_of(kind));
  }
  return text;
}

}  // namespace

PrecisionProbe probe_bf16(ConvKind kind, const torch::Device& device) {
  const torch::AutoGradMode gradients(true);
  try {
    return compare(trial_of(kind, device), device);
  } catch (const std::exception&) {  // libtorch's, or oneDNN's where the processor lacks the instructions
    return {0, std::numeric_limits<double>::infinity(), false};
  }
}

PrecisionChoice choose_precision(Precision asked, const std::set<ConvKind>& kinds,
                                 const torch::Device& device) {
  if (asked == Precision::fp32) return {Precision::fp32, "as asked"};
  PrecisionChoice choice{Precision::bf16, ""};
  for (const ConvKind kind : kinds) {
    const PrecisionProbe probe = probe_bf16(kind, device);
    if (asked == Precision::bf16 && !(probe.error <= largest_error)) {
      throw Error("--precision bf16",
                  std::string("bfloat16 is wrong or missing in ") + name_of(kind) +
                      " convolutions on this machine with this libtorch",
                  "use --precision fp32");
    }
    const std::string found = describe(kind, probe);
    if (asked == Precision::automatic && !probe.worthwhile) return {Precision::fp32, found};
    choice.reason += (choice.reason.empty() ? "" : ", ") + found;
  }
  if (kinds.empty() && asked == Precision::automatic) return {Precision::fp32, "no convolutions"};
  return choice;
}

}  // namespace graft
