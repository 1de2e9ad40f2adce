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

// Threads within an operator; 0 leaves libtorch's choice (one a core). Called once, before computing.
void set_compute_threads(int threads);

}  // namespace graft
