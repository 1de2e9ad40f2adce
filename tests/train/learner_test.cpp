#include "graft/train/learner.h"

#include <gtest/gtest.h>

#include "graft/evaluate/tensor_source.h"
#include "tests/support/tiny_training.h"

namespace graft {
namespace {

class LearnerTest : public test::TinyTraining {
 protected:
  LearnerTest() { recipe_.optimizer = {.lr = 0.1, .momentum = 0}; }

  static TensorBatch batch(std::int64_t from, std::int64_t count) {
    torch::manual_seed(5);
    const torch::Tensor images = torch::randn({8, 3, 16, 16}), labels = torch::arange(8, torch::kInt64) % 3;
    TensorBatch part;
    part.images = images.slice(0, from, from + count);
    part.labels = labels.slice(0, from, from + count);
    return part;
  }
  Model model() const { return test::tiny_model(data_.train.classes, 3); }
  Learner learner(Model& model) { return {*model.network, recipe_, torch::kCPU, data_.train.samples}; }
  // Batch norm in eval mode makes a batch's loss the mean of its pictures'.
  void SetUp() override { recipe_.hold_bn = true; }
};

TEST_F(LearnerTest, AccumulatedBatchesStepAsOneLargeBatch) {
  Model large = model(), small = model();
  recipe_.loader.batch_size = 8;
  Learner one = learner(large);
  one.begin_epoch(0);
  one.step(batch(0, 8), {0, 0, 1}, 0.1);
  recipe_.optimizer.accumulate = 2;
  Learner two = learner(small);
  two.begin_epoch(0);
  two.step(batch(0, 4), {0, 0, 2}, 0.1);
  EXPECT_FALSE(two.between_steps());
  two.step(batch(4, 4), {0, 1, 2}, 0.1);
  EXPECT_TRUE(two.between_steps());
  const auto a = large.network->parameters(), b = small.network->parameters();
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_TRUE(torch::allclose(a[i], b[i], 1e-4, 1e-6)) << i;
  EXPECT_NEAR(one.figures(8).loss, two.figures(8).loss, 1e-5);
}

TEST_F(LearnerTest, AShortLastGroupIsAMeanOfItsOwnBatches) {
  Model plain = model(), grouped = model();
  Learner one = learner(plain);
  one.begin_epoch(0);
  one.step(batch(0, 4), {0, 0, 1}, 0.1);
  recipe_.optimizer.accumulate = 4;
  Learner two = learner(grouped);
  two.begin_epoch(0);
  two.step(batch(0, 4), {0, 4, 5}, 0.1);  // the fifth of five: a group of one
  EXPECT_TRUE(two.between_steps());
  EXPECT_TRUE(torch::equal(plain.network->head()->weight, grouped.network->head()->weight));
}

TEST_F(LearnerTest, HeldBatchNormKeepsItsStatistics) {
  for (const bool hold : {true, false}) {
    recipe_.hold_bn = hold;
    Model one = model();
    const auto before = one.network->buffers().front().clone();
    Learner a = learner(one);
    a.begin_epoch(0);
    a.step(batch(0, 8), {0, 0, 1}, 0.1);
    EXPECT_EQ(torch::equal(before, one.network->buffers().front()), hold);
  }
}

TEST_F(LearnerTest, LabelSmoothingIsTorchs) {
  recipe_.label_smoothing = 0.2;
  Model one = model();
  Learner a = learner(one);
  one.network->eval();
  const auto logits = one.network->forward(batch(0, 8).images).detach();
  a.begin_epoch(0);
  a.step(batch(0, 8), {0, 0, 1}, 0.1);
  const auto log_probabilities = torch::log_softmax(logits, 1);
  const auto own = -log_probabilities.gather(1, batch(0, 8).labels.unsqueeze(1)).mean();
  const auto all = -log_probabilities.mean();
  EXPECT_NEAR(a.figures(8).loss, (0.8 * own + 0.2 * all).item<double>(), 1e-5);
}

TEST(BalancedClassWeights, AreScikitLearns) {
  // len(y) / (4 * np.bincount(y)) for y = [0, 0, 0, 1, 2, 2] and four classes, of which one is empty
  std::vector<Sample> samples;
  for (const std::int64_t label : {0, 0, 0, 1, 2, 2}) samples.push_back({"", label});
  const auto weights = balanced_class_weights(samples, 4);
  EXPECT_TRUE(torch::allclose(weights, torch::tensor({0.5F, 1.5F, 0.75F, 0.0F})));
}

}  // namespace
}  // namespace graft
