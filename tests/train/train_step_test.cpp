#include "graft/train/train_step.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "graft/infer/tensor_source.h"
#include "tests/support/error_of.h"
#include "tests/support/thread_ranks.h"
#include "tests/support/tiny_training.h"

namespace graft {
namespace {

class TrainStepTest : public test::TinyTraining {
 protected:
  TrainStepTest() { recipe_.optimizer = {.lr = 0.1, .momentum = 0}; }

  static TensorBatch batch(std::int64_t from, std::int64_t count) {
    // Made once, because the threads of the ranks share torch's generator.
    static const torch::Tensor images = [] {
      torch::manual_seed(5);
      return torch::randn({8, 3, 16, 16});
    }();
    const torch::Tensor labels = torch::arange(8, torch::kInt64) % 3;
    TensorBatch part;
    part.images = images.slice(0, from, from + count).clone();
    part.labels = labels.slice(0, from, from + count);
    return part;
  }
  Model model() const { return test::tiny_model(data_.train.classes, 3); }
  TrainStep train_step(Model& model) { return {*model.network, recipe_, torch::kCPU, data_.train}; }
  // With batch norm in eval mode the loss of a batch is the mean over its pictures.
  void SetUp() override { recipe_.hold_bn = true; }
};

TEST_F(TrainStepTest, AccumulatedBatchesStepAsOneLargeBatch) {
  Model large = model(), small = model();
  recipe_.loader.batch_size = 8;
  TrainStep one = train_step(large);
  one.begin_epoch(0);
  one.step(batch(0, 8), {0, 0, 1}, 0.1);
  recipe_.optimizer.accumulate = 2;
  TrainStep two = train_step(small);
  two.begin_epoch(0);
  two.step(batch(0, 4), {0, 0, 2}, 0.1);
  EXPECT_FALSE(two.between_steps());
  two.step(batch(4, 4), {0, 1, 2}, 0.1);
  EXPECT_TRUE(two.between_steps());
  const auto a = large.network->parameters(), b = small.network->parameters();
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_TRUE(torch::allclose(a[i], b[i], 1e-4, 1e-6)) << i;
  EXPECT_NEAR(one.metrics().loss, two.metrics().loss, 1e-5);
}

TEST_F(TrainStepTest, AShortLastGroupIsAMeanOfItsOwnBatches) {
  Model plain = model(), grouped = model();
  TrainStep one = train_step(plain);
  one.begin_epoch(0);
  one.step(batch(0, 4), {0, 0, 1}, 0.1);
  recipe_.optimizer.accumulate = 4;
  TrainStep two = train_step(grouped);
  two.begin_epoch(0);
  two.step(batch(0, 4), {0, 4, 5}, 0.1);  // the last of five: a group of one
  EXPECT_TRUE(two.between_steps());
  EXPECT_TRUE(torch::equal(plain.network->head()->weight, grouped.network->head()->weight));
}

// Each rank has its part of the batches; one rank has no samples of the second.
TEST_F(TrainStepTest, RanksStepAsOneProcessDoes) {
  recipe_.optimizer = {.lr = 0.1, .momentum = 0.9, .clip_grad = 0.5};
  for (const int accumulate : {1, 2}) {
    recipe_.optimizer.accumulate = accumulate;
    Model alone = model();
    TrainStep one = train_step(alone);
    one.begin_epoch(0);
    one.step(batch(0, 7), {0, 0, 2}, 0.1);
    one.step(batch(7, 1), {0, 1, 2}, 0.1);
    std::vector<Model> models = {model(), model()};
    test::ThreadRanks::run(2, [&](GradientSync& sync) {
      Model& own = models[static_cast<std::size_t>(sync.rank())];
      TrainStep two(*own.network, recipe_, torch::kCPU, data_.train, {}, sync);
      two.begin_epoch(0);
      const bool first = sync.rank() == 0;
      two.step(first ? batch(0, 3) : batch(3, 4), {0, 0, 2, 7}, 0.1);
      two.step(first ? batch(7, 1) : batch(7, 0), {0, 1, 2, 1}, 0.1);
      const PhaseMetrics found = two.sums_over_ranks().metrics(), expected = one.metrics();
      EXPECT_NEAR(found.loss, expected.loss, 1e-5);
      EXPECT_EQ(found.metric, expected.metric);
      EXPECT_EQ(found.steps, expected.steps);
    });
    for (const Model& each : models) {
      const auto a = alone.network->parameters(), b = each.network->parameters();
      for (std::size_t i = 0; i < a.size(); ++i) EXPECT_TRUE(torch::allclose(a[i], b[i], 1e-4, 1e-6)) << i;
    }
  }
}

TEST_F(TrainStepTest, RanksSkipTheSameSteps) {
  recipe_.on_nan = OnNan::skip;
  std::vector<Model> models = {model(), model()};
  const torch::Tensor before = models[0].network->head()->weight.clone();
  test::ThreadRanks::run(2, [&](GradientSync& sync) {
    Model& own = models[static_cast<std::size_t>(sync.rank())];
    TrainStep step(*own.network, recipe_, torch::kCPU, data_.train, {}, sync);
    step.begin_epoch(0);
    TensorBatch part = batch(4 * sync.rank(), 4);
    if (sync.rank() == 1) part.images = part.images * std::numeric_limits<float>::infinity();
    step.step(part, {0, 1, 2, 8}, 0.1);
    EXPECT_TRUE(torch::equal(own.network->head()->weight, before));
    EXPECT_EQ(step.sums_over_ranks().metrics().skipped_steps, 1);
  });
}

TEST_F(TrainStepTest, RanksHaveTheMeanOfTheirStatistics) {
  recipe_.hold_bn = false;
  std::vector<Model> models = {model(), model()};
  std::vector<torch::Tensor> means(2);
  test::ThreadRanks::run(2, [&](GradientSync& sync) {
    const auto rank = static_cast<std::size_t>(sync.rank());
    TrainStep step(*models[rank].network, recipe_, torch::kCPU, data_.train, {}, sync);
    step.begin_epoch(0);
    step.step(batch(4 * sync.rank(), 4), {0, 0, 1, 8}, 0.1);
    means[rank] = models[rank].network->buffers().front().clone();
    step.end_epoch();
  });
  EXPECT_FALSE(torch::equal(means[0], means[1]));
  for (const Model& each : models)
    EXPECT_TRUE(torch::allclose(each.network->buffers().front(), (means[0] + means[1]) / 2));
}

TEST_F(TrainStepTest, ACustomTransformChangesTheInputOfTheNetwork) {
  Model plain = model(), changed = model();
  TrainStep one = train_step(plain);
  TensorBatch doubled = batch(0, 8);
  doubled.images = doubled.images * 2;
  one.begin_epoch(0);
  one.step(doubled, {0, 0, 1}, 0.1);
  const OwnParts own{.batch_transform = [](torch::Tensor& images, torch::Tensor& targets) {
    images.mul_(2);
    targets = torch::one_hot(targets, 3).to(torch::kFloat32);
  }};
  TrainStep two(*changed.network, recipe_, torch::kCPU, data_.train, own);
  two.begin_epoch(0);
  two.step(batch(0, 8), {0, 0, 1}, 0.1);
  EXPECT_NEAR(one.metrics().loss, two.metrics().loss, 1e-5);
  EXPECT_EQ(one.metrics().metric, two.metrics().metric);
  EXPECT_TRUE(torch::allclose(plain.network->head()->weight, changed.network->head()->weight, 1e-4, 1e-6));
}

TEST_F(TrainStepTest, ATransformGetsMixedTargets) {
  recipe_.mix.mixup = 1;
  Model one = model();
  int calls = 0;
  const OwnParts own{.batch_transform = [&](torch::Tensor&, torch::Tensor& targets) {
    ++calls;
    EXPECT_EQ(targets.sizes(), torch::IntArrayRef({8, 3}));
  }};
  TrainStep step(*one.network, recipe_, torch::kCPU, data_.train, own);
  step.begin_epoch(0);
  step.step(batch(0, 8), {0, 0, 1}, 0.1);
  EXPECT_EQ(calls, 1);
}

TEST_F(TrainStepTest, ATransformMustReturnABatch) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  using Tensor = torch::Tensor;
  const std::vector<std::pair<BatchTransform, const char*>> cases = {
      {[](Tensor& images, Tensor&) { images = images.slice(0, 0, 3); },
       "float32 values of shape [3, 3, 16, 16]"},
      {[](Tensor& images, Tensor&) { images = Tensor(); }, "an undefined tensor as the images"},
      {[](Tensor& images, Tensor&) { images = images.flatten(1); }, "float32 values of shape [8, 768]"},
      {[](Tensor& images, Tensor&) { images = images.to(torch::kInt32); }, "int32 values"},
      {[](Tensor& images, Tensor&) { images = images.slice(2, 0, 0); }, "shape [8, 3, 0, 16]"},
      {[=](Tensor& images, Tensor&) { images[7][0][0][0] = nan; }, "images with values that are not finite"},
      {[](Tensor&, Tensor& targets) { targets = targets.slice(0, 0, 3); }, "int64 values of shape [3]"},
      {[](Tensor&, Tensor& targets) { targets = Tensor(); }, "an undefined tensor as the targets"},
      {[](Tensor&, Tensor& targets) {
         targets = torch::ones({8, 2});
       },
       "float32 values of shape [8, 2]"},
      {[](Tensor&, Tensor& targets) { targets = targets.to(torch::kFloat32); },
       "float32 values of shape [8]"},
      {[](Tensor&, Tensor& targets) { targets = targets + 1; }, "labels from 1 to 3 for 3 classes"},
      {[](Tensor&, Tensor& targets) { targets = targets - 1; }, "labels from -1 to 1 for 3 classes"},
      {[](Tensor&, Tensor& targets) { targets = torch::one_hot(targets, 3) - 0.5; },
       "targets from -0.5 to 0.5"},
      {[](Tensor&, Tensor& targets) { targets = torch::one_hot(targets, 3) * 2.0; }, "targets from 0 to 2"},
      {[=](Tensor&, Tensor& targets) { targets = torch::one_hot(targets, 3) * nan; },
       "targets with values that"},
      {[](Tensor& images, Tensor&) { images.add_(torch::ones({2})); }, "libtorch failed"}};
  for (const auto& [wrong, words] : cases) {
    Model one = model();
    TrainStep step(*one.network, recipe_, torch::kCPU, data_.train, {.batch_transform = wrong});
    step.begin_epoch(0);
    const std::string error = test::error_of([&] { step.step(batch(0, 8), {0, 0, 1}, 0.1); });
    EXPECT_THAT(error, testing::StartsWith("`batch_transform`: "));
    EXPECT_THAT(error, testing::HasSubstr(words));
  }
}

TEST_F(TrainStepTest, ALaterBatchOfATransformIsChecked) {
  int calls = 0;
  const auto later = [&](const BatchTransform& wrong) -> BatchTransform {
    return [&, wrong](torch::Tensor& images, torch::Tensor& targets) {
      if (++calls == 2) wrong(images, targets);
    };
  };
  const auto error_of_second = [&](const BatchTransform& wrong) {
    calls = 0;
    Model one = model();
    TrainStep step(*one.network, recipe_, torch::kCPU, data_.train, {.batch_transform = later(wrong)});
    step.begin_epoch(0);
    step.step(batch(0, 8), {0, 0, 2}, 0.1);
    return test::error_of([&] { step.step(batch(0, 8), {0, 1, 2}, 0.1); });
  };
  EXPECT_THAT(error_of_second([](torch::Tensor& images, torch::Tensor&) { images.div_(0); }),
              testing::HasSubstr("`batch_transform`: gives images with values that are not finite"));
  EXPECT_THAT(error_of_second([](torch::Tensor&, torch::Tensor& targets) { targets.add_(1); }),
              testing::HasSubstr("`batch_transform`: gives labels from 1 to 3"));
}

TEST_F(TrainStepTest, ATransformMayReturnDoublePrecision) {
  Model one = model();
  const OwnParts own{.batch_transform = [](torch::Tensor& images, torch::Tensor& targets) {
    images = images.to(torch::kFloat64);
    targets = torch::one_hot(targets, 3).to(torch::kFloat64);
  }};
  TrainStep step(*one.network, recipe_, torch::kCPU, data_.train, own);
  step.begin_epoch(0);
  step.step(batch(0, 8), {0, 0, 1}, 0.1);
  EXPECT_GT(step.metrics().loss, 0);
}

TEST_F(TrainStepTest, ALossThatDoesNotDependOnTheOutputsIsNamed) {
  Model one = model();
  const torch::Tensor other = torch::ones({}).requires_grad_();
  TrainStep step(*one.network, recipe_, torch::kCPU, data_.train,
                 {.loss = [&](const torch::Tensor&, const torch::Tensor&) { return other * 2; }});
  step.begin_epoch(0);
  EXPECT_THAT(test::error_of([&] {
                step.step(batch(0, 8), {0, 0, 1}, 0.1);
              }),
              testing::HasSubstr("`loss`: returns a number that does not depend on the outputs"));
}

TEST_F(TrainStepTest, HeldBatchNormKeepsItsStatistics) {
  for (const bool hold : {true, false}) {
    recipe_.hold_bn = hold;
    Model one = model();
    const auto before = one.network->buffers().front().clone();
    TrainStep a = train_step(one);
    a.begin_epoch(0);
    a.step(batch(0, 8), {0, 0, 1}, 0.1);
    EXPECT_EQ(torch::equal(before, one.network->buffers().front()), hold);
  }
}

TEST_F(TrainStepTest, LabelSmoothingIsTorchs) {
  recipe_.loss.label_smoothing = 0.2;
  Model one = model();
  TrainStep a = train_step(one);
  one.network->eval();
  const auto logits = one.network->forward(batch(0, 8).images).detach();
  a.begin_epoch(0);
  a.step(batch(0, 8), {0, 0, 1}, 0.1);
  const auto log_probabilities = torch::log_softmax(logits, 1);
  const auto own = -log_probabilities.gather(1, batch(0, 8).labels.unsqueeze(1)).mean();
  const auto all = -log_probabilities.mean();
  EXPECT_NEAR(a.metrics().loss, (0.8 * own + 0.2 * all).item<double>(), 1e-5);
}

// A batch whose pictures are so bright that the loss is not finite.
TEST_F(TrainStepTest, ASkippedStepChangesNothingButItsCount) {
  recipe_.on_nan = OnNan::skip;
  recipe_.hold_bn = false;
  Model one = model();
  TrainStep a = train_step(one);
  a.begin_epoch(0);
  a.step(batch(0, 4), {0, 0, 3}, 0.1);
  std::vector<torch::Tensor> before;
  for (const auto& all : {one.network->parameters(), one.network->buffers(), a.state()}) {
    for (const torch::Tensor& tensor : all) before.push_back(tensor.clone());
  }
  TensorBatch bad = batch(0, 4);
  bad.images = bad.images * std::numeric_limits<float>::infinity();
  a.step(bad, {0, 1, 3}, 0.1);
  std::size_t i = 0;
  for (const auto& all : {one.network->parameters(), one.network->buffers(), a.state()}) {
    for (const torch::Tensor& tensor : all) EXPECT_TRUE(torch::equal(tensor, before[i++]));
  }
  const double loss = a.metrics().loss;
  EXPECT_TRUE(std::isfinite(loss));
  EXPECT_EQ(a.metrics().skipped_steps, 1);
  EXPECT_EQ(a.metrics().steps, 1);
  EXPECT_FALSE(a.first_bad_step());
  a.step(batch(4, 4), {0, 2, 3}, 0.1);
  EXPECT_EQ(a.metrics().steps, 2);
  EXPECT_NE(a.metrics().loss, loss);
}

TEST_F(TrainStepTest, AnAccumulatedGroupIsUsedCompletelyOrNotAtAll) {
  recipe_.on_nan = OnNan::skip;
  recipe_.optimizer.accumulate = 2;
  Model one = model();
  const torch::Tensor before = one.network->head()->weight.clone();
  TrainStep a = train_step(one);
  a.begin_epoch(0);
  TensorBatch bad = batch(0, 4);
  bad.images = bad.images * std::numeric_limits<float>::infinity();
  a.step(bad, {0, 0, 4}, 0.1);
  a.step(batch(0, 4), {0, 1, 4}, 0.1);
  EXPECT_TRUE(torch::equal(one.network->head()->weight, before));
  a.step(batch(0, 4), {0, 2, 4}, 0.1);
  a.step(batch(4, 4), {0, 3, 4}, 0.1);
  EXPECT_FALSE(torch::equal(one.network->head()->weight, before));
  EXPECT_EQ(a.metrics().skipped_steps, 2);
}

TEST_F(TrainStepTest, ReportsTheFirstStepThatIsNotFinite) {
  Model one = model();
  TrainStep a = train_step(one);
  a.begin_epoch(0);
  a.step(batch(0, 4), {0, 0, 3}, 0.1);
  EXPECT_FALSE(a.first_bad_step());
  TensorBatch bad = batch(0, 4);
  bad.images = bad.images * std::numeric_limits<float>::infinity();
  a.step(bad, {0, 1, 3}, 0.1);
  a.step(bad, {0, 2, 3}, 0.1);
  EXPECT_EQ(a.first_bad_step(), 1);
}

}  // namespace
}  // namespace graft
