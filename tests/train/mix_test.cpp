#include "graft/train/mix.h"

#include <gtest/gtest.h>

#include <cmath>

namespace graft {
namespace {

const torch::Tensor three_images = torch::arange(3 * 2 * 4 * 4, torch::kFloat32).view({3, 2, 4, 4});
const torch::Tensor three_labels = torch::one_hot(torch::tensor({0, 2, 1}, torch::kInt64), 3);

// torchvision.transforms.v2.MixUp with lambda 0.75: x.roll(1, 0) * 0.25 + x * 0.75, and so the three_labels.
TEST(Mix, MixupBlendsEachPictureWithTheOneBefore) {
  const MixedBatch mixed = mix_batch(three_images, three_labels, {.share = 0.75, .box = std::nullopt});
  EXPECT_TRUE(torch::allclose(mixed.images, three_images * 0.75 + three_images.roll(1, 0) * 0.25));
  const torch::Tensor expected = torch::tensor({{0.75, 0.25, 0.0}, {0.25, 0.0, 0.75}, {0.0, 0.75, 0.25}});
  EXPECT_TRUE(torch::allclose(mixed.targets, expected.to(torch::kFloat32)));
}

TEST(Mix, CutmixShowsThePreviousPictureOnlyInTheBox) {
  const MixedBatch mixed =
      mix_batch(three_images, three_labels, {.share = 0.75, .box = Mix::Box{1, 2, 3, 4}});
  const torch::Tensor before = three_images.roll(1, 0);
  for (std::int64_t y = 0; y < 4; ++y) {
    for (std::int64_t x = 0; x < 4; ++x) {
      const torch::Tensor& from = y >= 1 && y < 3 && x >= 2 ? before : three_images;
      EXPECT_TRUE(torch::equal(mixed.images.select(2, y).select(2, x), from.select(2, y).select(2, x)));
    }
  }
  EXPECT_FLOAT_EQ(mixed.targets[1][0].item<float>(), 0.25F);
}

TEST(Mix, TheOriginalBatchDoesNotChange) {
  const torch::Tensor copy = three_images.clone();
  mix_batch(three_images, three_labels, {.share = 0.5, .box = Mix::Box{0, 0, 4, 4}});
  mix_batch(three_images, three_labels, {.share = 0.5, .box = std::nullopt});
  EXPECT_TRUE(torch::equal(three_images, copy));
}

TEST(DrawMix, NothingUnlessAskedFor) { EXPECT_FALSE(draw_mix({}, 8, 8, Random(1, 2, 3))); }

TEST(DrawMix, TheSharesFollowFromTheClippedBox) {
  for (std::uint64_t i = 0; i < 500; ++i) {
    const auto mix = draw_mix({.cutmix = 1}, 10, 20, Random(1, 2, i));
    ASSERT_TRUE(mix && mix->box);
    const Mix::Box& box = *mix->box;
    EXPECT_TRUE(0 <= box.top && box.top <= box.bottom && box.bottom <= 10);
    EXPECT_TRUE(0 <= box.left && box.left <= box.right && box.right <= 20);
    const auto area = static_cast<double>((box.bottom - box.top) * (box.right - box.left));
    EXPECT_DOUBLE_EQ(mix->share, 1 - area / 200);
  }
}

TEST(DrawMix, EachHasProbabilityOneHalf) {
  int cut = 0;
  for (std::uint64_t i = 0; i < 400; ++i) {
    const auto mix = draw_mix({.mixup = 0.2, .cutmix = 1}, 8, 8, Random(5, 0, i));
    ASSERT_TRUE(mix);
    cut += mix->box ? 1 : 0;
  }
  EXPECT_NEAR(cut, 200, 60);
}

// Mean 1/2 and variance 1 / (4 (2α + 1)).
TEST(DrawBeta, HasItsMeanAndVariance) {
  for (const double alpha : {0.05, 0.2, 1.0, 4.0}) {
    Random random(7, 0, 0);
    constexpr int draws = 20'000;
    double sum = 0, squares = 0;
    for (int i = 0; i < draws; ++i) {
      const double x = draw_beta(alpha, random);
      ASSERT_TRUE(x >= 0 && x <= 1) << x;
      sum += x;
      squares += x * x;
    }
    const double mean = sum / draws;
    EXPECT_NEAR(mean, 0.5, 0.02) << alpha;
    EXPECT_NEAR(squares / draws - mean * mean, 1 / (4 * (2 * alpha + 1)), 0.01) << alpha;
  }
}

}  // namespace
}  // namespace graft
