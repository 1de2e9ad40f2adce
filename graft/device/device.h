// Which processor computes, in which format and with how many threads. No torch in this header.
#pragma once

#include <array>
#include <string>

#include "graft/core/option.h"

namespace c10 {
struct Device;  // torch::Device
}

namespace graft {

// "auto": the accelerator that this libtorch and this machine have (CUDA, MPS, XPU, MTIA), else the CPU. Or a
// name as torch writes it: "cpu", "cuda", "cuda:1". Throws UsageError for an unknown name, Error for one that
// is not there.
c10::Device select_device(const std::string& name);

// For people: "cpu (2 threads, AVX512)", "cuda:0".
std::string describe_device(const c10::Device& device);

// What set_compute_threads() came to.
struct ComputeThreads {
  int threads = 1;
  std::string note;  // why these are fewer than were asked for; or empty
};

// Threads within an operator. 0: as many as OMP_NUM_THREADS says, else one for each available processor
// (core/processors.h). At most bounded_threads(). To be called before computing; it starts as many threads
// once and throws EngineError where the system does not let it, for OpenMP would end the process.
ComputeThreads set_compute_threads(int threads);

// To be called before computing on `device`, in each thread that computes; what computes in this library does
// so. A process that fork() made lacks the threads that computed before in its parent, and OpenMP would wait
// for them for ever: from here on it computes with one thread. On an accelerator, which a forked process
// cannot use, throws EngineError.
void begin_compute(const c10::Device& device);

// fp32: float32 throughout, as the reference. bf16: convolutions and matrix products in bfloat16, everything
// that sums up (weights, losses, batch norm's statistics) in float32, as torch.autocast does.
// automatic: bf16 where the device is fast and right in it for what the network computes with, else fp32.
enum class Precision { automatic, fp32, bf16 };
template <>
struct EnumNames<Precision> {
  static constexpr std::array<const char*, 3> names = {"auto", "fp32", "bf16"};
};

// The operators that take nearly all of a network's time.
enum class OpKind { dense_conv, grouped_conv, depthwise_conv, linear, attention };

// What libtorch finds on this machine, as text for people.
struct MachineFacts {
  std::string libtorch;  // its version
  std::string device;    // what "auto" selects: "cpu (2 threads, AVX512)"
  std::string cpu_code;  // the instructions that its kernels use, and the libraries it was built with
};
MachineFacts machine_facts();

}  // namespace graft
