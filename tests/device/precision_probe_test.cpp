#include "graft/device/precision_probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/device/autocast.h"

namespace graft {
namespace {

TEST(PrecisionProbe, MeasuresBothFormats) {
  for (const ConvKind kind : {ConvKind::dense, ConvKind::grouped, ConvKind::depthwise}) {
    const PrecisionProbe probe = probe_bf16(kind, torch::kCPU);
    // bfloat16 rounds: an error of nothing would mean that float32 was measured twice.
    EXPECT_GT(probe.error, 1e-4);
    if (probe.worthwhile) {
      EXPECT_GT(probe.speedup, 1);
      EXPECT_LT(probe.error, 0.02);
    }
  }
}

TEST(ChoosePrecision, DoesAsAsked) {
  EXPECT_EQ(choose_precision(Precision::fp32, {ConvKind::dense}, torch::kCPU).precision, Precision::fp32);
  EXPECT_EQ(choose_precision(Precision::bf16, {}, torch::kCPU).precision, Precision::bf16);
  EXPECT_EQ(choose_precision(Precision::automatic, {}, torch::kCPU).precision, Precision::fp32);
}

TEST(ChoosePrecision, SaysWhy) {
  const PrecisionChoice choice =
      choose_precision(Precision::automatic, {ConvKind::dense, ConvKind::depthwise}, torch::kCPU);
  EXPECT_NE(choice.precision, Precision::automatic);
  EXPECT_THAT(choice.reason, ::testing::HasSubstr("convolutions"));
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
