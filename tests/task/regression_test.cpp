#include "graft/task/linear_fit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "graft/core/error.h"
#include "graft/task/task.h"
#include "tests/support/error_of.h"

namespace graft {
namespace {

using ::testing::HasSubstr;

// Six pictures with three different numbers.
Folder six_numbers() {
  Folder folder{"", {"age"}, {}, {}};
  folder.numbers = {1, 3, 6};
  for (const std::int64_t label : {0, 1, 1, 2, 2, 2}) folder.samples.push_back({"", label});
  return folder;
}

TEST(Regression, TargetsHaveMeanZeroAndDeviationOne) {
  const Folder folder = six_numbers();
  const TaskSpec spec = task_spec_of(folder);
  EXPECT_EQ(spec.kind, LabelKind::number);
  const auto task = make_task(spec);
  std::vector<std::int64_t> labels;
  for (const Sample& sample : folder.samples) labels.push_back(sample.label);
  const auto targets = task->targets(task->target_table(folder), torch::tensor(labels, torch::kInt64));
  EXPECT_EQ(targets.sizes(), (std::vector<std::int64_t>{6, 1}));
  EXPECT_NEAR(targets.mean().item<double>(), 0, 1e-6);
  EXPECT_NEAR(targets.square().mean().item<double>(), 1, 1e-6);
}

TEST(Regression, TheRangeOfTheNumbersHasOneFormat) {
  Folder folder = six_numbers();
  folder.numbers = {1e6, 1010500, 1011000};
  EXPECT_EQ(make_task(task_spec_of(folder))->labels_words(folder), "the number age, from 1000000 to 1011000");
}

TEST(Regression, EqualNumbersAreRefused) {
  Folder folder{"here", {"age"}, {{"", 0}, {"", 0}}, {}};
  folder.numbers = {7};
  EXPECT_THAT(test::error_of([&] { task_spec_of(folder); }),
              HasSubstr("here: all training pictures have the same number; add pictures with other numbers"));
}

// Their squared distances overflow, or vanish.
TEST(Regression, NumbersBeyondTheRangeOfTheirVarianceAreRefused) {
  for (const double unit : {1e300, 1e-310}) {
    Folder folder = six_numbers();
    folder.root = "here";
    folder.table = "here/prices.csv";
    for (double& number : folder.numbers) number *= unit;
    EXPECT_THAT(
        test::error_of([&] { task_spec_of(folder); }),
        HasSubstr("here/prices.csv: the numbers are too large, too small or too near to each other; use "
                  "another unit"));
  }
}

TEST(Regression, OutcomesAndMetricsAreInTheUnitOfTheTargets) {
  const Folder folder = six_numbers();
  const auto task = make_task({LabelKind::number, 10, 4});
  Outcomes outcomes;
  // Outputs −1 and 0 are the numbers 6 and 10; true are 6 and 3.
  task->add_outcomes(torch::tensor({{-1.0F}, {0.0F}}), {4, 1}, {2, 1}, task->target_table(folder), outcomes);
  ASSERT_EQ(outcomes.outcomes.size(), 2U);
  EXPECT_NEAR(outcomes.outcomes[0].number, 6, 1e-6);
  EXPECT_NEAR(outcomes.outcomes[0].true_number, 6, 1e-6);
  EXPECT_NEAR(outcomes.outcomes[1].true_number, 3, 1e-6);
  EXPECT_NEAR(outcomes.outcomes[1].loss, 49.0 / 16, 1e-6);
  const MetricValues metrics = task->metrics(outcomes);
  EXPECT_EQ(metrics.front().key, "rmse");
  EXPECT_NEAR(*value_of(metrics, "mae"), 3.5, 1e-6);
  EXPECT_NEAR(*value_of(metrics, "rmse"), std::sqrt(24.5), 1e-6);
  EXPECT_EQ(task->prediction_words(outcomes, 1, folder.classes), "10");
  EXPECT_TRUE(task->class_table(outcomes, folder.classes).rows.empty());
}

// Numbers that are far from the training targets are not rounded to their scale.
TEST(Regression, TrueNumbersFarFromTheScaleKeepTheirDifferences) {
  Folder folder{"", {"age"}, {}, {}};
  folder.numbers = {1e9 - 15, 1e9, 1e9 + 15};
  const auto task = make_task({LabelKind::number, 40, 12});
  Outcomes outcomes;
  task->add_outcomes(torch::zeros({3, 1}), {0, 1, 2}, {0, 1, 2}, task->target_table(folder), outcomes);
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_NEAR(outcomes.outcomes[i].true_number, folder.numbers[i], 1e-5) << i;
  EXPECT_NEAR(*value_of(task->metrics(outcomes), "r2") / -6.666666133333344e15, 1, 1e-6);
}

TEST(Regression, TheTrainingMetricIsTheAbsoluteError) {
  const auto task = make_task({LabelKind::number, 10, 4});
  const auto values = task->train_values(torch::tensor({{0.5F}, {0.0F}}), torch::tensor({{0.0F}, {1.0F}}));
  EXPECT_TRUE(torch::allclose(values, torch::tensor({2.0F, 4.0F})));
}

TEST(Regression, HuberIsLinearBeyondOneDeviation) {
  const auto task = make_task({LabelKind::number, 0, 1});
  const auto outputs = torch::tensor({{0.5F}, {3.0F}}), targets = torch::zeros({2, 1});
  EXPECT_NEAR(task->loss(outputs, targets, {}, {}).item<double>(), (0.25 + 9) / 2, 1e-6);
  EXPECT_NEAR(task->loss(outputs, targets, {.regression_loss = RegressionLoss::huber}, {}).item<double>(),
              (0.125 + 2.5) / 2, 1e-6);
}

TEST(Regression, APredictionIsANumber) {
  const auto task = make_task({LabelKind::number, 10, 4});
  const auto predictions = task->predictions(task->answers(torch::tensor({{0.25F}})), 1, -1);
  EXPECT_EQ(predictions.front().number, 11);
  EXPECT_TRUE(predictions.front().top.empty());
  EXPECT_FALSE(task->is_right(predictions.front(), "11", {"age"}));
}

// Small differences are preserved with a large mean.
TEST(Regression, APredictionKeepsMoreDigitsThanTheNetworkHas) {
  const auto task = make_task({LabelKind::number, 1.7e9, 1e-3});
  const auto predictions = task->predictions(task->answers(torch::tensor({{0.5F}})), 1, -1);
  EXPECT_NEAR(*predictions.front().number - 1.7e9, 5e-4, 1e-6);
}

// At the minimum the gradient vanishes, for both systems of equations.
TEST(RidgeRegression, HasNoGradientAtTheSolution) {
  torch::manual_seed(3);
  for (const std::int64_t samples : {7, 60}) {
    const auto features = torch::randn({samples, 20}, torch::kFloat64),
               targets = torch::randn({samples, 1}) + 5;
    const double l2 = 0.1;
    const LinearFit fit = fit_ridge(features, targets, l2);
    const auto weight = fit.weight.to(torch::kFloat64);
    const auto error = torch::linear(features, weight, fit.bias.to(torch::kFloat64)) - targets;
    const auto gradient = error.t().mm(features) / static_cast<double>(samples) + l2 * weight;
    EXPECT_LT(gradient.abs().max().item<double>(), 1e-5) << samples;
    EXPECT_LT(std::abs(error.mean().item<double>()), 1e-5) << samples;
    const LinearFit unbiased = fit_ridge(features, targets, l2, /*with_bias=*/false);
    EXPECT_TRUE(unbiased.bias.equal(torch::zeros({1}))) << samples;
    const auto slope = unbiased.weight.to(torch::kFloat64);
    const auto rest = (torch::linear(features, slope) - targets).t().mm(features);
    EXPECT_LT((rest / static_cast<double>(samples) + l2 * slope).abs().max().item<double>(), 1e-5) << samples;
  }
}

}  // namespace
}  // namespace graft
