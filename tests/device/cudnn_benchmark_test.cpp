#include "graft/device/cudnn_benchmark.h"

#include <gtest/gtest.h>

namespace graft {
namespace {

TEST(CudnnBenchmark, IsAScope) {
  const bool before = at::globalContext().benchmarkCuDNN();
  {
    const CudnnBenchmark benchmark;
    EXPECT_TRUE(at::globalContext().benchmarkCuDNN());
  }
  EXPECT_EQ(at::globalContext().benchmarkCuDNN(), before);
}

}  // namespace
}  // namespace graft
