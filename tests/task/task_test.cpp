#include "graft/task/task.h"

#include <gtest/gtest.h>

#include <limits>

#include "graft/core/error.h"

namespace graft {
namespace {

Folder folder_of(std::vector<std::string> classes, const std::vector<std::int64_t>& labels,
                 ClassSets sets = {}) {
  Folder folder{"", std::move(classes), {}, {}, std::move(sets)};
  for (const std::int64_t label : labels) folder.samples.push_back({"", label});
  return folder;
}

const Folder several_labels = folder_of({"a", "b"}, {0, 0, 1, 2, 2, 2}, {{0}, {0, 1}, {}});
const torch::Tensor given_logits = torch::tensor({{2.0F, -1.0F}, {-0.5F, 0.25F}, {0.0F, -3.0F}});
const torch::Tensor shown = torch::tensor({{1.0F, 0.0F}, {1.0F, 1.0F}, {0.0F, 0.0F}});

// −log of the probability of the true label.
torch::Tensor binary_losses(const torch::Tensor& targets) {
  const auto p = torch::sigmoid(given_logits);
  return -(targets * p.log() + (1 - targets) * (1 - p).log());
}

std::unique_ptr<const Task> task_for(LabelKind kind) { return make_task({kind, 10, 4}); }

TEST(BalancedClassWeights, AreScikitLearns) {
  // len(y) / (4 * np.bincount(y)) for y = [0, 0, 0, 1, 2, 2] and four classes, one of them empty
  const auto weights =
      task_for(LabelKind::single)->balanced_weights(folder_of({"a", "b", "c", "d"}, {0, 0, 0, 1, 2, 2}));
  EXPECT_TRUE(torch::allclose(weights, torch::tensor({0.5F, 1.5F, 0.75F, 0.0F})));
}

TEST(BalancedPositiveWeights, AreTheRatioOfPicturesWithoutToWith) {
  // a is in three of six pictures, b in one
  EXPECT_TRUE(torch::allclose(task_for(LabelKind::multi)->balanced_weights(several_labels),
                              torch::tensor({1.0F, 5.0F})));
  // One that every picture has, and one that none has.
  Folder folder = several_labels;
  folder.classes.push_back("c");
  for (auto& classes : folder.class_sets) classes = {0};
  EXPECT_TRUE(torch::allclose(task_for(LabelKind::multi)->balanced_weights(folder), torch::ones({3})));
}

// The multi-label loss for the classes `shown`.
double loss_of(const LossOptions& options) {
  const auto task = task_for(LabelKind::multi);
  const auto weights = options.class_weights == ClassWeights::balanced
                           ? task->balanced_weights(several_labels)
                           : torch::Tensor();
  return task->loss(given_logits, shown, options, weights).item<double>();
}

TEST(SeveralLabels, TheLossIsTheMeanOfBinaryCrossEntropies) {
  EXPECT_NEAR(loss_of({}), binary_losses(shown).mean().item<double>(), 1e-6);
}

TEST(SeveralLabels, SmoothingMovesEveryTargetTowardsOneHalf) {
  EXPECT_NEAR(loss_of({.label_smoothing = 0.2}), binary_losses(shown * 0.8 + 0.1).mean().item<double>(),
              1e-6);
}

TEST(SeveralLabels, BalancedWeightsIncreaseThePositiveTargets) {
  const auto weights = shown * torch::tensor({1.0F, 5.0F}) + (1 - shown);
  EXPECT_NEAR(loss_of({.class_weights = ClassWeights::balanced}),
              (binary_losses(shown) * weights).mean().item<double>(), 1e-6);
}

TEST(SeveralLabels, APictureIsCorrectIfAllItsClassesAre) {
  // the first logit of the third row is 0: probability 0.5, which predicts the class
  EXPECT_TRUE(torch::equal(task_for(LabelKind::multi)->train_values(given_logits, shown),
                           torch::tensor({true, false, false})));
}

TEST(SeveralLabels, TargetsAreTheSetsOfTheLabels) {
  const auto task = task_for(LabelKind::multi);
  const auto labels = torch::tensor({1, 2, 0}, torch::kInt64);
  EXPECT_TRUE(torch::equal(task->targets(task->target_table(several_labels), labels),
                           torch::tensor({{1.0F, 1.0F}, {0.0F, 0.0F}, {1.0F, 0.0F}})));
}

TEST(SeveralLabels, TheThresholdSelectsTheNamedClasses) {
  const auto task = task_for(LabelKind::multi);
  const auto answers = torch::tensor({{0.4F, 0.9F, 0.6F}, {0.1F, 0.2F, 0.3F}});
  const auto at_half = task->predictions(answers, 2, -1), at_most = task->predictions(answers, 2, 0.95);
  ASSERT_EQ(at_half[0].named.size(), 2U);
  EXPECT_EQ(at_half[0].named[0].index, 1);
  EXPECT_EQ(at_half[0].named[1].index, 2);
  EXPECT_EQ(at_half[0].top.size(), 2U);
  EXPECT_TRUE(at_half[1].named.empty());
  EXPECT_TRUE(at_most[0].named.empty());
}

TEST(OneLabel, TheLargestLogitCounts) {
  const auto task = task_for(LabelKind::single);
  EXPECT_TRUE(torch::equal(task->train_values(given_logits, torch::tensor({0, 0, 0}, torch::kInt64)),
                           torch::tensor({true, false, true})));
  const auto mixed = torch::tensor({{0.3F, 0.7F}, {0.4F, 0.6F}, {0.9F, 0.1F}});
  EXPECT_TRUE(torch::equal(task->train_values(given_logits, mixed), torch::tensor({false, true, true})));
}

TEST(OneLabel, AThresholdIsRefused) {
  task_for(LabelKind::single)->check_threshold(-1);
  EXPECT_THROW(task_for(LabelKind::single)->check_threshold(0.5), UsageError);
  EXPECT_THROW(task_for(LabelKind::number)->check_threshold(0.5), UsageError);
}

// In every task answers(outputs_of(x)) is x.
TEST(Tasks, OutputsOfAnswersAreTheInverse) {
  const auto outputs = torch::tensor({{0.5F}, {-2.0F}, {3.0F}});
  for (const LabelKind kind : {LabelKind::multi, LabelKind::number}) {
    const auto task = task_for(kind);
    EXPECT_TRUE(torch::allclose(task->outputs_of(task->answers(outputs)), outputs, 1e-4, 1e-5));
  }
  const auto single = task_for(LabelKind::single);
  const auto probabilities = single->answers(given_logits);
  EXPECT_TRUE(torch::allclose(single->answers(single->outputs_of(probabilities)), probabilities));
}

TEST(Tasks, EachNamesTheOptionsWithoutEffect) {
  EXPECT_EQ(task_for(LabelKind::number)->idle_reason("regression_loss"), "");
  EXPECT_EQ(task_for(LabelKind::number)->idle_reason("label_smoothing"),
            "acts on classes, and the labels are numbers");
  EXPECT_EQ(task_for(LabelKind::single)->idle_reason("label_smoothing"), "");
  EXPECT_EQ(task_for(LabelKind::multi)->idle_reason("regression_loss"),
            "acts only on labels that are numbers");
}

TEST(Tasks, AnInvalidScaleIsRefused) {
  for (const double scale : {0.0, -1.0, 1e-40, 1e40, std::numeric_limits<double>::infinity()})
    EXPECT_THROW(make_task({LabelKind::number, 0, scale}), Error) << scale;
  EXPECT_THROW(make_task({LabelKind::number, -1e40, 1}), Error);
}

}  // namespace
}  // namespace graft
