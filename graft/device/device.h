// Which processor computes, and with how many threads.
#pragma once

#include <torch/torch.h>

#include <string>

namespace graft {

// "auto": the accelerator that this libtorch and this machine have (CUDA, MPS, XPU, MTIA), else the CPU. Or a
// name as torch writes it: "cpu", "cuda", "cuda:1". Throws UsageError for an unknown name, Error for one that
// is not there.
torch::Device select_device(const std::string& name);

// For people: "cpu (2 threads, AVX512)", "cuda:0".
std::string describe_device(const torch::Device& device);

// The widest floating-point format that can be counted on there: float64, but float32 on MPS, which has none,
// and on XPU, where some have none.
torch::ScalarType widest_float(const torch::Device& device);

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
void begin_compute(const torch::Device& device);

}  // namespace graft
