// The choice of the compute device, the precision and the number of threads. This header does not include
// torch.
#pragma once

#include <array>
#include <string>

#include "graft/core/option.h"

namespace c10 {
struct Device;  // torch::Device
}

namespace graft {

// "auto": the accelerator that this libtorch and this machine have (CUDA, MPS, XPU, MTIA), else the CPU.
// Otherwise a name as torch writes it: "cpu", "cuda", "cuda:1". Throws UsageError for an unknown name, Error
// for a device that is not available.
c10::Device select_device(const std::string& name);

// For people: "cpu (2 threads, AVX512)", "cuda:0".
std::string describe_device(const c10::Device& device);

// The result of set_compute_threads().
struct ComputeThreads {
  int threads = 1;
  std::string note;  // why there are fewer than requested; or empty
};

// Sets the number of threads within an operator. 0: the value of OMP_NUM_THREADS, else one for each available
// processor (core/processors.h). At most bounded_threads(). Call it before computing. It starts that many
// threads once and throws EngineError if the system refuses, where OpenMP would end the process.
ComputeThreads set_compute_threads(int threads);

// The number of threads that compute an operator which the calling thread starts from now on, at least 1.
// Other threads keep theirs.
void set_threads_of_caller(int threads);

// Call it before computing on `device`, in each thread that computes; the library's own functions do. A
// process created by fork() lacks the compute threads of its parent, and OpenMP would wait for them forever,
// so the process computes with one thread from this call on. Throws EngineError for an accelerator, which a
// forked process cannot use.
void begin_compute(const c10::Device& device);

// fp32: float32 throughout, as in the reference. bf16: convolutions and matrix products in bfloat16,
// accumulated values (weights, losses, batch norm's statistics) in float32, as torch.autocast does.
// automatic: bf16 if it is fast and correct on the device for the network's operators, else fp32.
enum class Precision { automatic, fp32, bf16 };
template <>
struct EnumNames<Precision> {
  static constexpr std::array<const char*, 3> names = {"auto", "fp32", "bf16"};
};

// The operators that take nearly all of a network's time.
enum class OpKind { dense_conv, grouped_conv, depthwise_conv, linear, attention };

// Properties of libtorch and this machine, as text for people.
struct MachineFacts {
  std::string libtorch;  // its version
  std::string device;    // what "auto" selects: "cpu (2 threads, AVX512)"
  std::string cpu_code;  // the instruction set of its kernels, and the libraries it was built with
};
MachineFacts machine_facts();

}  // namespace graft
