#include "graft/train/train_step.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "graft/infer/tensor_source.h"
#include "tests/support/tiny_training.h"

namespace graft {
namespace {

class TrainStepTest : public test::TinyTraining {
 protected:
  TrainStepTest() { recipe_.optimizer = {.lr = 0.1, .momentum = 0}; }

  static TensorBatch batch(std::int64_t from, std::int64_t count) {
    torch::manual_seed(5);
    const torch::Tensor images = torch::randn({8, 3, 16, 16}), labels = torch::arange(8, torch::kInt64) % 3;
    TensorBatch part;
    part.images = images.slice(0, from, from + count);
    part.labels = labels.slice(0, from, from + count);
    return part;
  }
  Model model() const { return test::tiny_model(data_.train.classes, 3); }
  TrainStep train_step(Model& model) { return {*model.network, recipe_, torch::kCPU, data_.train}; }
  // Batch norm in eval mode makes a batch's loss the mean of its pictures'.
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
  EXPECT_NEAR(one.figures().loss, two.figures().loss, 1e-5);
}

TEST_F(TrainStepTest, AShortLastGroupIsAMeanOfItsOwnBatches) {
  Model plain = model(), grouped = model();
  TrainStep one = train_step(plain);
  one.begin_epoch(0);
  one.step(batch(0, 4), {0, 0, 1}, 0.1);
  recipe_.optimizer.accumulate = 4;
  TrainStep two = train_step(grouped);
  two.begin_epoch(0);
  two.step(batch(0, 4), {0, 4, 5}, 0.1);  // the fifth of five: a group of one
  EXPECT_TRUE(two.between_steps());
  EXPECT_TRUE(torch::equal(plain.network->head()->weight, grouped.network->head()->weight));
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
  EXPECT_NEAR(a.figures().loss, (0.8 * own + 0.2 * all).item<double>(), 1e-5);
}

// A batch whose pictures are so bright that the loss is no number.
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
  const double loss = a.figures().loss;
  EXPECT_TRUE(std::isfinite(loss));
  EXPECT_EQ(a.figures().skipped_steps, 1);
  EXPECT_EQ(a.figures().steps, 1);
  EXPECT_FALSE(a.first_bad_step());
  a.step(batch(4, 4), {0, 2, 3}, 0.1);
  EXPECT_EQ(a.figures().steps, 2);
  EXPECT_NE(a.figures().loss, loss);
}

TEST_F(TrainStepTest, OfAGroupThatIsAddedUpAllOrNothingIsTaken) {
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
  EXPECT_EQ(a.figures().skipped_steps, 2);
}

TEST_F(TrainStepTest, TellsTheFirstStepThatWentAstray) {
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
