#include "graft/device/device.h"

#include <ATen/DeviceAccelerator.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>

#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <optional>

#include "graft/core/error.h"
#include "graft/core/processors.h"
#include "graft/core/text.h"
#include "graft/core/threads.h"
#include "graft/device/engine_error.h"

namespace graft {
namespace {

std::optional<torch::Device> accelerator() {
  const auto type = at::getAccelerator(/*checked=*/false);
  if (!type) return std::nullopt;
  // A build that supports an accelerator reports its type on a machine without one. Only CUDA devices can be
  // counted without a context; for the others a tensor is allocated.
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
    const torch::Device device(name);
    if (!device.is_meta()) return device;  // its tensors have no values
  } catch (const c10::Error&) {
  }
  throw UsageError("`device`", "\"" + name + "\" is not a device", "use auto, cpu, cuda, cuda:1, mps or xpu");
}

}  // namespace

torch::Device select_device(const std::string& name) {
  if (name == "auto") return accelerator().value_or(torch::Device(torch::kCPU));
  const torch::Device device = parse(name);
  if (device.is_cpu() && device.has_index() && device.index() > 0)
    throw UsageError("`device`", "\"" + name + "\" is not a device: there is one cpu", "use cpu");
  if (device.is_cpu()) return device;
  try {
    torch::zeros({1}, torch::TensorOptions().device(device));
  } catch (const std::exception&) {
    const auto found = accelerator();
    throw Error("`device` " + name, "is not available here with this libtorch",
                "use `device` " + (found ? found->str() + " or cpu" : std::string("cpu")));
  }
  return device;
}

std::string describe_device(const torch::Device& device) {
  if (!device.is_cpu()) return device.str();
  return "cpu (" + counted(at::get_num_threads(), "thread") + ", " + at::get_cpu_capability() + ")";
}

ComputeThreads set_compute_threads(int threads) {
  if (threads < 0)
    throw UsageError("`threads`", std::to_string(threads) + " is below 0",
                     "give a number of threads, or 0 for one for each available processor");
  const bool own_choice = threads == 0 && std::getenv("OMP_NUM_THREADS") == nullptr;
  const int asked = threads > 0 ? threads : at::get_num_threads();
  ComputeThreads result{bounded_threads(asked), ""};
  if (own_choice) result.threads = std::min(asked, processors().available);
  if (result.threads < asked && !own_choice) {
    result.note = std::to_string(asked) + " threads are too many for the available processors (" +
                  processors().describe() + "): " + std::to_string(result.threads) +
                  (result.threads == 1 ? " is used" : " are used");
  }
  const int beside_the_caller = result.threads - 1, started = startable_threads(beside_the_caller);
  if (started < beside_the_caller) {
    throw EngineError("`threads`",
                      "only " + std::to_string(started + 1) + " of " + std::to_string(result.threads) +
                          " threads can be started",
                      "use `threads` " + std::to_string(started + 1) +
                          ", or raise the limit on processes (ulimit -u, or the container's) or on memory");
  }
  if (result.threads != at::get_num_threads()) at::set_num_threads(result.threads);
  return result;
}

// at::set_num_threads() also sets what threads that have not computed yet begin with, and MKL's setting for
// all threads. The functions belong to libraries of libtorch that not all of its builds have.
void set_threads_of_caller(int threads) {
  using Set = void (*)(int);
  static const auto set_openmp = reinterpret_cast<Set>(::dlsym(RTLD_DEFAULT, "omp_set_num_threads"));
  static const auto set_mkl = reinterpret_cast<Set>(::dlsym(RTLD_DEFAULT, "MKL_Set_Num_Threads_Local"));
  at::get_num_threads();  // its first call in a thread sets the process's number
  if (set_openmp != nullptr) set_openmp(threads);
  if (set_mkl != nullptr) set_mkl(threads);
}

void begin_compute(const torch::Device& device) {
  // A thread reads the process's number of threads at its first call of get_num_threads(); without it OpenMP
  // chooses the number itself.
  at::get_num_threads();
  static std::atomic<pid_t> process = ::getpid();  // of the first call
  if (process == ::getpid()) return;
  if (!device.is_cpu()) {
    throw EngineError("fork()",
                      device.str() + " cannot be used in a process made by fork() from one that used it",
                      "load the model after fork(), or compute on the CPU");
  }
  at::set_num_threads(1);
  process = ::getpid();
}

}  // namespace graft
