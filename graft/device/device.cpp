#include "graft/device/device.h"

#include <ATen/DeviceAccelerator.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>

#include <optional>

#include "graft/core/error.h"

namespace graft {
namespace {

std::optional<torch::Device> accelerator() {
  const auto type = at::getAccelerator(/*checked=*/false);
  if (!type) return std::nullopt;
  // A build with an accelerator's code on a machine without one has a type but no device. Only CUDA can be
  // counted without a context; for the others a tensor is tried.
  try {
    const torch::Device device(*type, 0);
    torch::zeros({1}, torch::TensorOptions().device(device));
    return device;
  } catch (const c10::Error&) {
    return std::nullopt;
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

torch::Device parse(const std::string& name) {
  try {
    return torch::Device(name);
  } catch (const c10::Error&) {
    throw UsageError("--device", "\"" + name + "\" is not a device",
                     "use auto, cpu, cuda, cuda:1, mps or xpu");
  }
}

}  // namespace

torch::Device select_device(const std::string& name) {
  if (name == "auto") return accelerator().value_or(torch::Device(torch::kCPU));
  const torch::Device device = parse(name);
  if (device.is_cpu()) return device;
  try {
    torch::zeros({1}, torch::TensorOptions().device(device));
  } catch (const std::exception&) {
    const auto found = accelerator();
    throw Error("--device " + name, "is not available here with this libtorch",
                "use --device " + (found ? found->str() + " or --device cpu" : std::string("cpu")));
  }
  return device;
}

std::string describe_device(const torch::Device& device) {
  if (!device.is_cpu()) return device.str();
  return "cpu (" + std::to_string(at::get_num_threads()) + " threads, " + at::get_cpu_capability() + ")";
}

torch::ScalarType widest_float(const torch::Device& device) {
  return device.is_mps() || device.is_xpu() ? torch::kFloat32 : torch::kFloat64;
}

void set_compute_threads(int threads) {
  if (threads > 0) at::set_num_threads(threads);
}

}  // namespace graft
