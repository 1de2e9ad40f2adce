// A training run that was stopped and resumed equals an uninterrupted one bit for bit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "graft/core/error.h"
#include "tests/support/error_of.h"
#include "tests/support/tiny_training.h"

namespace graft {
namespace {

using ::testing::HasSubstr;

class Resume : public test::TinyTraining {
 protected:
  Resume() {
    recipe_.epochs = 5;
    recipe_.optimizer.lr = 0.05;
  }

  Model fresh() const { return test::tiny_model(data_.train.classes, 3, /*dropout=*/0.3); }

  struct Ended {
    Model model;
    TrainResult result;
  };
  Ended whole() {
    Ended ended{fresh(), {}};
    ended.result = train(ended.model);
    return ended;
  }

  // Trains until `enough` returns true, called with the number of each progress report; then resumes from the
  // last checkpoint through a file, as another process would.
  Ended in_two_sessions(const std::function<bool(int)>& enough) {
    const auto path = folder_.path() / "checkpoint.safetensors";
    int asked = 0;
    TrainEvents events;
    std::stop_source source;
    events.stop = source.get_token();
    events.progress = [&](const Progress&) {
      if (enough(asked++)) source.request_stop();
    };
    events.checkpoint = [&](const Checkpoint& checkpoint) { save_checkpoint(path, checkpoint); };
    Model stopped = fresh();
    EXPECT_EQ(train(stopped, events).ending, Ending::stopped);
    const Checkpoint from = load_checkpoint(path).checkpoint;
    Ended ended{test::tiny_model(data_.train.classes, 99, 0.3), {}};
    torch::manual_seed(1234);
    ended.result = train_model(ended.model, data_.train, data_.val, recipe_, torch::kCPU, {}, &from);
    return ended;
  }

  static void expect_same(const Ended& a, const Ended& b) {
    const auto left = a.model.network->parameters(), right = b.model.network->parameters();
    for (std::size_t i = 0; i < left.size(); ++i) EXPECT_TRUE(torch::equal(left[i], right[i])) << i;
    const auto more = a.model.network->buffers(), others = b.model.network->buffers();
    for (std::size_t i = 0; i < more.size(); ++i) EXPECT_TRUE(torch::equal(more[i], others[i])) << i;
    EXPECT_EQ(a.result.best_epoch, b.result.best_epoch);
    ASSERT_EQ(a.result.history.size(), b.result.history.size());
    for (std::size_t i = 0; i < a.result.history.size(); ++i) {
      EXPECT_EQ(a.result.history[i].train_loss, b.result.history[i].train_loss) << i;
      EXPECT_EQ(a.result.history[i].val_loss, b.result.history[i].val_loss) << i;
      EXPECT_EQ(a.result.history[i].lr, b.result.history[i].lr) << i;
    }
    ASSERT_EQ(a.result.outcomes.size(), b.result.outcomes.size());
    for (std::size_t i = 0; i < a.result.outcomes.size(); ++i)
      EXPECT_NEAR(a.result.outcomes[i].loss, b.result.outcomes[i].loss, 1e-5);
  }

  // An epoch reports 6 times in training (24 pictures by 4) and at least once in validation.
  void expect_same_wherever_it_stops(const std::vector<int>& places = {0, 3, 5, 6, 7, 12, 20, 30}) {
    const Ended alone = whole();
    for (const int at : places) expect_same(alone, in_two_sessions([at](int n) { return n == at; }));
  }
};

TEST_F(Resume, FineTuning) { expect_same_wherever_it_stops(); }

TEST_F(Resume, AFrozenNetwork) {
  recipe_.freeze = true;
  expect_same_wherever_it_stops();
}

TEST_F(Resume, FromAProbe) {
  recipe_.head_start = HeadStart::probe;
  recipe_.feature_cache = "off";
  const Ended alone = whole();
  for (const int at : {40, 44}) expect_same(alone, in_two_sessions([at](int n) { return n == at; }));
}

TEST_F(Resume, EveryOption) {
  recipe_.ema = 0.9;
  recipe_.mix = {.mixup = 0.2, .cutmix = 1};
  recipe_.loss.label_smoothing = 0.1;
  recipe_.loss.class_weights = ClassWeights::balanced;
  recipe_.unfreeze_epochs = 2;
  recipe_.layer_decay = 0.8;
  recipe_.schedule = {.schedule = Schedule::one_cycle};
  recipe_.optimizer.optimizer = Method::adamw;
  recipe_.optimizer.clip_grad = 1;
  recipe_.optimizer.accumulate = 4;  // two steps per epoch
  expect_same_wherever_it_stops({0, 1, 2, 4, 9, 13});
}

TEST_F(Resume, PatienceIsKept) {
  recipe_.patience = 2;
  recipe_.epochs = 30;
  recipe_.optimizer.lr = 0.2;
  const Ended alone = whole();
  ASSERT_EQ(alone.result.ending, Ending::patience);
  const Ended again = in_two_sessions([](int n) { return n == 10; });
  EXPECT_EQ(again.result.ending, Ending::patience);
  expect_same(alone, again);
}

TEST_F(Resume, BeforeTheFirstCheckpointNothingIsStored) {
  recipe_.head_start = HeadStart::probe;
  recipe_.feature_cache = "off";
  TrainEvents events;
  int checkpoints = 0;
  std::stop_source source;
  source.request_stop();
  events.stop = source.get_token();
  events.checkpoint = [&](const Checkpoint&) { ++checkpoints; };
  Model model = fresh();
  const TrainResult result = train(model, events);
  EXPECT_EQ(result.ending, Ending::stopped);
  EXPECT_TRUE(result.history.empty());
  EXPECT_EQ(checkpoints, 0);
}

TEST_F(Resume, ACheckpointOfAnotherRecipeIsRefused) {
  Checkpoint from;
  TrainEvents events;
  events.checkpoint = [&](const Checkpoint& checkpoint) { from = checkpoint; };
  Model model = fresh();
  train(model, events);
  recipe_.optimizer.optimizer = Method::adamw;
  EXPECT_THAT(
      test::error_of([&] { train_model(model, data_.train, data_.val, recipe_, torch::kCPU, {}, &from); }),
      HasSubstr("its learner has"));
}

TEST_F(Resume, ATimeLimitEndsBetweenEpochs) {
  recipe_.time_limit = 1e-6;
  Model model = fresh();
  const TrainResult result = train(model);
  EXPECT_EQ(result.ending, Ending::time_limit);
  EXPECT_EQ(result.history.size(), 1U);
  EXPECT_EQ(result.outcomes.size(), 12U);
}

// With a limit that is shorter than an epoch, every session still makes progress.
TEST_F(Resume, EverySessionTrainsAtLeastOneEpoch) {
  recipe_.time_limit = 1e-6;
  Checkpoint from;
  TrainEvents events;
  events.checkpoint = [&](const Checkpoint& checkpoint) { from = checkpoint; };
  Model model = fresh();
  train(model, events);
  for (int epochs = 2; epochs <= 5; ++epochs) {
    const Checkpoint last = from;
    const TrainResult result =
        train_model(model, data_.train, data_.val, recipe_, torch::kCPU, events, &last);
    EXPECT_EQ(result.history.size(), static_cast<std::size_t>(epochs));
    EXPECT_EQ(result.ending, epochs < 5 ? Ending::time_limit : Ending::finished);
  }
}

}  // namespace
}  // namespace graft
