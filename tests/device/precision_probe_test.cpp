#include "graft/device/precision_probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "graft/device/autocast.h"

namespace graft {
namespace {

TEST(Bf16Error, IsTheRoundingError) {
  for (const OpKind kind : {OpKind::dense_conv, OpKind::grouped_conv, OpKind::depthwise_conv, OpKind::linear,
                            OpKind::attention}) {
    const double error = bf16_error(kind, torch::kCPU);
    // bfloat16 rounds: an error of 0 would mean that float32 was computed twice.
    EXPECT_GT(error, 1e-4);
    if (std::isfinite(error)) {
      EXPECT_LT(error, 0.02);
    }
  }
}

TEST(ChoosePrecision, FollowsTheRequest) {
  EXPECT_EQ(choose_precision(Precision::fp32, {OpKind::dense_conv}, torch::kCPU).precision, Precision::fp32);
  EXPECT_EQ(choose_precision(Precision::bf16, {}, torch::kCPU).precision, Precision::bf16);
  EXPECT_EQ(choose_precision(Precision::automatic, {}, torch::kCPU).precision, Precision::fp32);
}

// The choice depends on instructions and kinds of convolutions, not on time: it is the same on a busy
// machine.
TEST(ChoosePrecision, AutomaticDependsOnTheProcessor) {
  const PrecisionChoice dense = choose_precision(Precision::automatic, {OpKind::dense_conv}, torch::kCPU);
  const PrecisionChoice both =
      choose_precision(Precision::automatic, {OpKind::dense_conv, OpKind::depthwise_conv}, torch::kCPU);
  EXPECT_EQ(both.precision, Precision::fp32);
  const PrecisionChoice transformer =
      choose_precision(Precision::automatic, {OpKind::linear, OpKind::attention}, torch::kCPU);
  EXPECT_EQ(transformer.precision, dense.precision);
  if (__builtin_cpu_supports("avx512bf16")) {
    EXPECT_EQ(dense.precision, Precision::bf16);
    EXPECT_EQ(dense.reason, "AVX512-BF16");
    EXPECT_THAT(both.reason, ::testing::HasSubstr("depthwise"));
  } else {
    EXPECT_EQ(dense.precision, Precision::fp32);
    EXPECT_EQ(dense.reason, "no AVX512-BF16");
  }
}

TEST(Autocast, IsAScope) {
  const auto a = torch::ones({4, 4}), b = torch::ones({4, 4});
  {
    const Autocast autocast(torch::kCPU, Precision::bf16);
    EXPECT_EQ(a.mm(b).scalar_type(), torch::kBFloat16);
    const Autocast within(torch::kCPU, Precision::fp32);
    EXPECT_EQ(a.mm(b).scalar_type(), torch::kBFloat16);
  }
  EXPECT_EQ(a.mm(b).scalar_type(), torch::kFloat32);
  const Autocast none(torch::kCPU, Precision::fp32);
  EXPECT_EQ(a.mm(b).scalar_type(), torch::kFloat32);
}

}  // namespace
}  // namespace graft
