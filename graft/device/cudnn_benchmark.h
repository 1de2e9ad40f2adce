// torch.backends.cudnn.benchmark as a scope.
#pragma once

#include "graft/device/torch.h"

namespace graft {

// While it stands, cuDNN tries its algorithms for each shape of a convolution that it meets and continues
// with the fastest: worth it where shapes repeat, as a training's do. Of no effect without cuDNN.
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
