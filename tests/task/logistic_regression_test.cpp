#include "graft/task/linear_fit.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace graft {
namespace {

struct Points {
  torch::Tensor features, labels;
};

Points three_clouds(std::int64_t each) {
  torch::manual_seed(7);
  const auto labels = torch::arange(3).repeat_interleave(each);
  const auto centres = torch::tensor({{1.0F, 0.0F, 0.5F}, {-1.0F, 1.0F, 0.0F}, {0.0F, -1.0F, -0.5F}});
  return {centres.index_select(0, labels) + 0.8 * torch::randn({3 * each, 3}), labels};
}

// At the minimum of a convex function the gradient vanishes: for softmax regression it has a closed form, (p
// − onehot)ᵀ·X / N + l2·W and the means of the columns.
TEST(LogisticRegression, HasNoGradientAtTheSolution) {
  const auto [features, labels] = three_clouds(40);
  for (const double l2 : {1e-3, 1e-1, 1.0}) {
    const LinearFit fit = fit_logistic(features, labels, 3, l2);
    const auto p = torch::softmax(torch::linear(features, fit.weight, fit.bias), 1);
    const auto residual = (p - torch::one_hot(labels, 3)) / static_cast<double>(labels.size(0));
    EXPECT_LT((residual.t().mm(features) + l2 * fit.weight).abs().max().item<double>(), 5e-5) << l2;
    EXPECT_LT(residual.sum(0).abs().max().item<double>(), 5e-5) << l2;
  }
}

// With a prior W0 the gradient has l2 · (W − W0) (L2-SP); a large l2 keeps W0.
TEST(LogisticRegression, ThePriorIsTheCentreOfThePenalty) {
  const auto [features, labels] = three_clouds(40);
  const LinearFit prior{torch::tensor({{1.0F, 0.0F, -2.0F}, {0.0F, 3.0F, 0.5F}, {0.0F, 0.0F, 0.0F}}),
                        torch::tensor({0.5F, -1.0F, 0.0F})};
  for (const double l2 : {1e-2, 1.0}) {
    const LinearFit fit = fit_logistic(features, labels, 3, l2, nullptr, true, &prior);
    const auto p = torch::softmax(torch::linear(features, fit.weight, fit.bias), 1);
    const auto residual = (p - torch::one_hot(labels, 3)) / static_cast<double>(labels.size(0));
    const auto gradient = residual.t().mm(features) + l2 * (fit.weight - prior.weight);
    EXPECT_LT(gradient.abs().max().item<double>(), 3e-4) << l2;
  }
  const LinearFit kept = fit_logistic(features, labels, 3, 1e4, nullptr, true, &prior);
  EXPECT_TRUE(torch::allclose(kept.weight, prior.weight, 0, 1e-3));
}

TEST(RidgeRegression, ThePriorIsTheCentreOfThePenalty) {
  torch::manual_seed(8);
  const auto features = torch::randn({30, 4}), targets = torch::randn({30, 1});
  const LinearFit prior{torch::tensor({{1.0F, -1.0F, 0.5F, 2.0F}}), torch::tensor({3.0F})};
  const LinearFit fit = fit_ridge(features, targets, 0.3, true, &prior);
  const auto residual = (torch::linear(features, fit.weight, fit.bias) - targets) / 30;
  EXPECT_LT((residual.t().mm(features) + 0.3 * (fit.weight - prior.weight)).abs().max().item<double>(), 1e-5);
  EXPECT_LT(residual.sum().abs().item<double>(), 1e-5);
}

TEST(LogisticRegression, WithoutABiasOnlyTheWeightsAreFitted) {
  const auto [features, labels] = three_clouds(40);
  const LinearFit fit = fit_logistic(features, labels, 3, 0.1, nullptr, /*with_bias=*/false);
  const auto p = torch::softmax(torch::linear(features, fit.weight), 1);
  const auto residual = (p - torch::one_hot(labels, 3)) / static_cast<double>(labels.size(0));
  EXPECT_LT((residual.t().mm(features) + 0.1 * fit.weight).abs().max().item<double>(), 5e-5);
  EXPECT_TRUE(fit.bias.equal(torch::zeros({3})));
}

TEST(LogisticRegression, TheStartDoesNotMatter) {
  const auto [features, labels] = three_clouds(30);
  const LinearFit plain = fit_logistic(features, labels, 3, 0.05);
  const LinearFit other = fit_logistic(features, labels, 3, 5);
  const LinearFit warm = fit_logistic(features, labels, 3, 0.05, &other);
  EXPECT_TRUE(torch::allclose(plain.weight, warm.weight, 1e-2, 1e-3));
  EXPECT_NEAR(logistic_loss(plain, features, labels), logistic_loss(warm, features, labels), 1e-4);
}

TEST(LogisticRegression, MoreRegularisationMeansSmallerWeights) {
  const auto [features, labels] = three_clouds(30);
  const double loose = fit_logistic(features, labels, 3, 1e-3).weight.norm().item<double>();
  const double tight = fit_logistic(features, labels, 3, 1).weight.norm().item<double>();
  EXPECT_LT(tight, 0.5 * loose);
}

TEST(StratifiedFolds, SpreadEveryClassEvenly) {
  std::vector<std::int64_t> labels(23, 0);
  labels.insert(labels.end(), 12, 1);
  labels.insert(labels.end(), 3, 2);
  const std::vector<int> folds = stratified_folds(labels, 5, 1);
  for (std::int64_t label = 0; label < 3; ++label) {
    std::vector<int> counts(5, 0);
    for (std::size_t i = 0; i < labels.size(); ++i)
      counts[static_cast<std::size_t>(folds[i])] += labels[i] == label;
    EXPECT_LE(
        *std::max_element(counts.begin(), counts.end()) - *std::min_element(counts.begin(), counts.end()), 1);
  }
  EXPECT_EQ(folds, stratified_folds(labels, 5, 1));
  EXPECT_NE(folds, stratified_folds(labels, 5, 2));
}

}  // namespace
}  // namespace graft
