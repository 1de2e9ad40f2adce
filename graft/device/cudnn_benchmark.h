// torch.backends.cudnn.benchmark as a scope.
#pragma once

#include "graft/device/torch.h"

namespace graft {

// For the lifetime of the object, cuDNN tries its algorithms for each new convolution shape and continues
// with the fastest. This pays off where shapes repeat, as in training. It has no effect without cuDNN.
class CudnnBenchmark {
 public:
  CudnnBenchmark() : before_(at::globalContext().benchmarkCuDNN()) {
    at::globalContext().setBenchmarkCuDNN(true);
  }
  ~CudnnBenchmark() { at::globalContext().setBenchmarkCuDNN(before_); }
  CudnnBenchmark(const CudnnBenchmark&) = delete;
  CudnnBenchmark& operator=(const CudnnBenchmark&) = delete;

 private:
  bool before_;
};

}  // namespace graft
