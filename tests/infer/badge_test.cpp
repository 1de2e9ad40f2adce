#include "graft/infer/badge.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "graft/core/random.h"

namespace graft {
namespace {

using torch::Tensor;

// The seeding of k-means++ as its paper states it, on gradients that are formed.
std::vector<std::int64_t> plain_order(const Tensor& gradients, const Tensor& features, std::int64_t count,
                                      std::uint64_t seed) {
  const Tensor points =
      (gradients.unsqueeze(2) * features.unsqueeze(1)).flatten(1).to(torch::kFloat64);  // N×(K·F)
  std::vector<std::int64_t> order = {points.square().sum(1).argmax().item<std::int64_t>()};
  Random random(seed, 0, 0, 48);
  while (static_cast<std::int64_t>(order.size()) < count) {
    std::vector<double> nearest;
    double total = 0;
    for (std::int64_t i = 0; i < points.size(0); ++i) {
      double least = INFINITY;
      for (const std::int64_t centre : order)
        least = std::min(least, (points[i] - points[centre]).square().sum().item<double>());
      nearest.push_back(least);
      total += least;
    }
    double left = total * random.uniform();
    std::size_t next = 0;
    while ((left -= nearest[next]) >= 0) ++next;
    order.push_back(static_cast<std::int64_t>(next));
  }
  return order;
}

struct Answers {
  Tensor gradients, features;
};

Answers random_answers(std::int64_t pictures, std::int64_t classes, std::int64_t width) {
  torch::manual_seed(4);
  const Tensor features = torch::randn({pictures, width});
  const Tensor answers = torch::softmax(2 * torch::randn({pictures, classes}), 1);
  return {output_gradients(LabelKind::single, answers), features};
}

TEST(Badge, EqualsKMeansPlusPlusOnTheGradients) {
  const auto [gradients, features] = random_answers(60, 4, 7);
  for (std::uint64_t seed = 0; seed < 3; ++seed)
    EXPECT_EQ(badge_order(gradients, features, 20, seed), plain_order(gradients, features, 20, seed)) << seed;
  EXPECT_NE(badge_order(gradients, features, 20, 0), badge_order(gradients, features, 20, 1));
}

// The derivative of the cross entropy with the predicted class as the label, by torch.
TEST(Badge, TheGradientsAreThoseOfTheLoss) {
  torch::manual_seed(5);
  const Tensor logits = torch::randn({6, 3}).requires_grad_();
  torch::nn::functional::cross_entropy(
      logits, logits.argmax(1), torch::nn::functional::CrossEntropyFuncOptions().reduction(torch::kSum))
      .backward();
  EXPECT_TRUE(torch::allclose(output_gradients(LabelKind::single, logits.detach().softmax(1)), logits.grad(),
                              1e-5, 1e-6));
  const Tensor several = torch::randn({6, 3}).requires_grad_();
  torch::binary_cross_entropy_with_logits(several, several.detach().ge(0).to(torch::kFloat32), {}, {},
                                          at::Reduction::Sum)
      .backward();
  EXPECT_TRUE(torch::allclose(output_gradients(LabelKind::multi, several.detach().sigmoid()), several.grad(),
                              1e-5, 1e-6));
}

TEST(Badge, EveryPictureIsChosenOnce) {
  const auto [gradients, features] = random_answers(30, 3, 5);
  const auto order = badge_order(gradients, features, 100, 0);
  EXPECT_EQ(std::set<std::int64_t>(order.begin(), order.end()).size(), 30U);
  EXPECT_TRUE(badge_order(gradients, features, 0, 0).empty());
  EXPECT_TRUE(badge_order(torch::zeros({0, 3}), torch::zeros({0, 5}), 5, 0).empty());
}

// Copies are taken last: they have distance 0.
TEST(Badge, CopiesComeAfterEverythingElse) {
  auto [gradients, features] = random_answers(10, 3, 5);
  gradients = torch::cat({gradients, gradients});
  features = torch::cat({features, features});
  const auto order = badge_order(gradients, features, 20, 2);
  std::set<std::int64_t> first;
  for (std::size_t i = 0; i < 10; ++i) first.insert(order[i] % 10);
  EXPECT_EQ(first.size(), 10U);
  EXPECT_EQ(std::set<std::int64_t>(order.begin(), order.end()).size(), 20U);
}

TEST(Badge, EqualOrCertainPicturesAreTakenInTheirOrder) {
  const Tensor same = torch::ones({4, 6});
  EXPECT_EQ(badge_order(torch::full({4, 2}, 0.5F), same, 4, 0), (std::vector<std::int64_t>{0, 1, 2, 3}));
  EXPECT_EQ(badge_order(torch::zeros({4, 2}), same, 3, 0), (std::vector<std::int64_t>{0, 1, 2}));
}

TEST(Badge, OfNumbersOnlyTheFeaturesCount) {
  torch::manual_seed(6);
  const Tensor features = torch::randn({12, 4});
  const Tensor ones = output_gradients(LabelKind::number, torch::randn({12, 1}));
  EXPECT_TRUE(ones.equal(torch::ones({12, 1})));
  EXPECT_EQ(badge_order(ones, features, 5, 0), plain_order(ones, features, 5, 0));
}

TEST(Badge, TenThousandClassesNeedNoProducts) {
  const auto [gradients, features] = random_answers(200, 10'000, 64);  // 200 products would take 512 MB
  EXPECT_EQ(badge_order(gradients, features, 5, 0).size(), 5U);
}

}  // namespace
}  // namespace graft
