#include "graft/train/trainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <optional>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/device/device.h"
#include "graft/device/engine_error.h"
#include "graft/device/step_graph.h"
#include "graft/infer/evaluate.h"
#include "graft/train/schedule.h"
#include "tests/support/thread_ranks.h"
#include "tests/support/tiny_training.h"

namespace graft {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::testing::ThrowsMessage;

class Trainer : public test::TinyTraining {
 protected:
  Trainer() {
    recipe_.epochs = 8;
    recipe_.optimizer.lr = 0.05;
  }
  Model fresh() const { return test::tiny_model(data_.train.classes, 3); }
  static test::TinyNetwork& tiny(const Model& model) {
    return dynamic_cast<test::TinyNetwork&>(*model.network);
  }
};

TEST_F(Trainer, LearnsASeparableTask) {
  Model model = fresh();
  const TrainResult result = train(model);
  EXPECT_EQ(result.best_value(), 1.0);
  EXPECT_LT(result.history.back().train_loss, result.history.front().train_loss);
  EXPECT_FALSE(model.network->is_training());
}

TEST_F(Trainer, EndsWithTheWeightsOfTheBestEpoch) {
  recipe_.optimizer.lr = 1.5;  // so high that the last epoch is not the best
  recipe_.optimizer.momentum = 0.99;
  Model model = fresh();
  const TrainResult result = train(model);
  const Loader loader(data_.val.samples, model.preprocess, recipe_.loader, val_pass(recipe_));
  const Evaluation evaluation = evaluate(InferenceModel::compile(model, torch::kCPU), loader);
  EXPECT_EQ(accuracy(evaluation.outcomes), result.best_value());
  for (const EpochRecord& record : result.history) {
    EXPECT_LE(record.val.front().value, result.best_value());
    if (record.epoch < result.best_epoch) {
      EXPECT_LT(record.val.front().value, result.best_value());
    }
  }
  EXPECT_EQ(result.history[static_cast<std::size_t>(result.best_epoch - 1)].val.front().value,
            result.best_value());
}

TEST_F(Trainer, TheScheduleIsSteppedEachEpoch) {
  recipe_.schedule = {.step_size = 3, .gamma = 0.5};
  Model model = fresh();
  const auto history = train(model).history;
  const double expected[] = {0.05, 0.05, 0.05, 0.025, 0.025, 0.025, 0.0125, 0.0125};
  for (std::size_t i = 0; i < 8; ++i) EXPECT_DOUBLE_EQ(history[i].lr, expected[i]);
}

TEST_F(Trainer, AnEpochRecordsTheMeanRateOfItsSteps) {
  recipe_.epochs = 2;
  recipe_.schedule = {.schedule = Schedule::cosine, .warmup_epochs = 0.5};
  Model model = fresh();
  const auto history = train(model).history;
  const auto batch = static_cast<std::size_t>(recipe_.loader.batch_size);
  const auto steps = static_cast<std::int64_t>((data_.train.samples.size() + batch - 1) / batch);
  ASSERT_GT(steps, 1);
  for (int epoch = 0; epoch < 2; ++epoch) {
    double sum = 0;
    for (std::int64_t step = 0; step < steps; ++step)
      sum += learning_rate_at(recipe_.schedule, 0.05,
                              epoch + static_cast<double>(step) / static_cast<double>(steps), 2);
    EXPECT_NEAR(history[static_cast<std::size_t>(epoch)].lr, sum / static_cast<double>(steps), 1e-15);
  }
}

std::vector<double> losses(const TrainResult& result) {
  std::vector<double> values;
  for (const EpochRecord& record : result.history) {
    values.insert(values.end(), {record.train_loss, record.val_loss});
  }
  return values;
}

TEST_F(Trainer, TheSeedDecidesAndTheNumberOfWorkersDoesNot) {
  Model a = fresh(), b = fresh(), c = fresh();
  const auto first = losses(train(a));
  recipe_.loader.workers = 0;
  EXPECT_EQ(losses(train(b)), first);
  recipe_.seed = 1;
  EXPECT_NE(losses(train(c)), first);
}

TEST_F(Trainer, FreezingTrainsOnlyTheHead) {
  recipe_.freeze = true;
  Model model = fresh(), before = fresh();
  train(model);
  EXPECT_TRUE(torch::equal(tiny(model).conv()->weight, tiny(before).conv()->weight));
  EXPECT_TRUE(torch::equal(tiny(model).norm()->weight, tiny(before).norm()->weight));
  EXPECT_FALSE(torch::equal(tiny(model).head()->weight, tiny(before).head()->weight));
}

TEST_F(Trainer, FrozenBatchNormIsHeldOrUpdatedAsRequested) {
  recipe_.freeze = true;
  Model held = fresh(), moved = fresh();
  train(held);
  EXPECT_TRUE(torch::equal(tiny(held).norm()->running_mean, torch::zeros(8)));
  recipe_.frozen_bn = FrozenBn::update;
  train(moved);
  EXPECT_FALSE(torch::equal(tiny(moved).norm()->running_mean, torch::zeros(8)));
}

TEST_F(Trainer, ReportsEachEpochAndTheProgressOfEachPhase) {
  recipe_.epochs = 2;
  std::vector<EpochEnd> ends;
  std::vector<std::string> phases;
  TrainEvents events;
  events.epoch_end = [&](const EpochEnd& end) { ends.push_back(end); };
  events.progress = [&](const Progress& p) {
    if (p.done == p.total) phases.push_back(p.what + " " + std::to_string(p.total));
  };
  Model model = fresh();
  train(model, events);
  ASSERT_EQ(ends.size(), 2U);
  EXPECT_TRUE(ends[0].best);
  EXPECT_EQ(ends[1].epochs, 2);
  EXPECT_EQ(phases, (std::vector<std::string>{"epoch 1/2 train 24", "epoch 1/2 val 12", "epoch 2/2 train 24",
                                              "epoch 2/2 val 12"}));
}

TEST_F(Trainer, ABadPictureStopsTheTrainingOrIsCounted) {
  const auto bad = folder_.write("train/red/bad.ppm", "P6\n");
  data_ = open_data_set(folder_.path());
  Model model = fresh();
  EXPECT_THAT([&] { train(model); }, ThrowsMessage<Error>(HasSubstr(bad.string())));
  recipe_.loader.skip_bad = true;
  EXPECT_EQ(train(model).skipped, 1);
}

TEST_F(Trainer, AClassWithoutReadablePicturesIsAnErrorThatNamesIt) {
  recipe_.loader.skip_bad = true;
  for (const Sample& sample : data_.train.samples) {
    if (sample.label == 0) std::ofstream(sample.path, std::ios::trunc) << "no picture";
  }
  Model model = fresh();
  EXPECT_THAT([&] { train(model); },
              ThrowsMessage<Error>(
                  HasSubstr("no training picture of \"" + data_.train.classes[0] + "\" can be read")));
}

TEST_F(Trainer, AClassWithoutReadableValidationPicturesIsAnErrorToo) {
  recipe_.loader.skip_bad = true;
  for (const Sample& sample : data_.val.samples) {
    if (sample.label == 1) std::ofstream(sample.path, std::ios::trunc) << "no picture";
  }
  Model model = fresh();
  EXPECT_THAT([&] { train(model); },
              ThrowsMessage<Error>(HasSubstr(data_.val.root.string() + ": no validation picture of \"" +
                                             data_.val.classes[1] + "\"")));
}

TEST_F(Trainer, NoReadableValidationPictureIsAnErrorThatNamesTheFirst) {
  recipe_.loader.skip_bad = true;
  for (const Sample& sample : data_.val.samples) std::ofstream(sample.path, std::ios::trunc) << "no picture";
  Model model = fresh();
  EXPECT_THAT([&] { train(model); },
              ThrowsMessage<Error>(AllOf(
                  HasSubstr(data_.val.root.string() + ": none of its validation pictures could be read: "),
                  HasSubstr(data_.val.samples.front().path))));
}

TEST_F(Trainer, ALossThatIsNotFiniteStopsWithAdvice) {
  recipe_.optimizer.lr = 1000;
  recipe_.optimizer.weight_decay = 10;
  recipe_.epochs = 50;
  Model model = fresh();
  EXPECT_THAT([&] { train(model); }, ThrowsMessage<Error>(HasSubstr("is not finite (learning rate 1000")));
}

// Resident pictures, recorded steps for full batches, TF32 and another order of sums: similar, not equal.
TEST_F(Trainer, CudaGivesTheLossesOfTheCpu) {
  const torch::Device device = select_device("auto");
  if (!device.is_cuda()) GTEST_SKIP() << "no CUDA device";
  recipe_.epochs = 2;
  recipe_.precision = Precision::fp32;
  recipe_.loader.batch_size = 5;  // and a last one of 4
  for (const char* cache : {"auto", "off"}) {
    recipe_.cache = cache;
    Model here = fresh(), there = fresh();
    there.network->to(device);
    const auto expected = losses(train(here));
    const auto found = losses(train_model(there, data_.train, data_.val, recipe_, device));
    for (std::size_t i = 0; i < expected.size(); ++i)
      EXPECT_NEAR(found[i], expected[i], 0.01 * expected[i]) << cache;
  }
}

// A hook that waits for the device stops the recording in the middle of a backward pass.
TEST_F(Trainer, CudaTrainsIfAStepCannotBeRecorded) {
  const torch::Device device = select_device("auto");
  if (!can_record(device)) GTEST_SKIP() << "no CUDA device, or built without CUDA's headers";
  recipe_.epochs = 2;
  recipe_.precision = Precision::fp32;
  Model here = fresh(), there = fresh();
  there.network->to(device);
  tiny(there).conv()->weight.register_hook(
      [](const torch::Tensor& gradient) { gradient.sum().item<float>(); });
  const auto expected = losses(train(here));
  const auto found = losses(train_model(there, data_.train, data_.val, recipe_, device));
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(found[i], expected[i], 0.01 * expected[i]);
}

// Recipes with other options than the defaults, on the accelerator and on the CPU. Without dropout, because
// each device draws its own random numbers.
TEST_F(Trainer, AnAcceleratorGivesTheLossesOfTheCpuForEveryRecipe) {
  const torch::Device device = select_device("auto");
  if (device.is_cpu()) GTEST_SKIP() << "no accelerator";
  const std::pair<const char*, std::function<void(Recipe&)>> changes[] = {
      {"adamw",
       [](Recipe& r) {
         r.optimizer.optimizer = Method::adamw;
         r.optimizer.lr = 0.001;
       }},
      {"ema", [](Recipe& r) { r.ema = 0.9; }},
      {"nesterov, weight decay, clipping",
       [](Recipe& r) {
         r.optimizer.nesterov = true;
         r.optimizer.weight_decay = 0.01;
         r.optimizer.clip_grad = 1;
       }},
      {"cosine with warm-up",
       [](Recipe& r) {
         r.schedule.schedule = Schedule::cosine;
         r.schedule.warmup_epochs = 0.5;
       }},
      {"accumulate", [](Recipe& r) { r.optimizer.accumulate = 3; }},
      {"mixup and CutMix",
       [](Recipe& r) {
         r.mix.mixup = 0.3;
         r.mix.cutmix = 1;
       }},
      {"unfreezing", [](Recipe& r) { r.unfreeze_epochs = 2; }},
      {"layer decay", [](Recipe& r) { r.layer_decay = 0.7; }},
      {"skipped steps", [](Recipe& r) { r.on_nan = OnNan::skip; }},
      {"smoothing, class weights, balanced sampling",
       [](Recipe& r) {
         r.loss.label_smoothing = 0.1;
         r.loss.class_weights = ClassWeights::balanced;
         r.sampling = Sampling::balanced;
       }},
      {"frozen", [](Recipe& r) { r.freeze = true; }},
      {"frozen, batch norm moves",
       [](Recipe& r) {
         r.freeze = true;
         r.frozen_bn = FrozenBn::update;
       }},
      {"batch norm held", [](Recipe& r) { r.hold_bn = true; }},
      {"planar", [](Recipe& r) { r.layout = BatchLayout::planar; }},
      {"a batch too large to record", [](Recipe& r) { r.loader.batch_size = 100; }},
      {"a probe first",
       [](Recipe& r) {
         r.head_start = HeadStart::probe;
         r.feature_cache = "off";
       }},
  };
  for (const auto& [name, change] : changes) {
    recipe_ = Recipe();
    recipe_.epochs = 2;
    recipe_.optimizer.lr = 0.02;
    recipe_.precision = Precision::fp32;
    change(recipe_);
    Model here = fresh(), there = fresh();
    there.network->to(device);
    const auto expected = losses(train(here));
    const auto found = losses(train_model(there, data_.train, data_.val, recipe_, device));
    ASSERT_EQ(found.size(), expected.size()) << name;
    for (std::size_t i = 0; i < expected.size(); ++i)
      EXPECT_NEAR(found[i], expected[i], 0.02 * expected[i]) << name;
  }
}

// The network after a stop in the second epoch and a resume equals that of one session.
TEST_F(Trainer, CudaResumesFromACheckpoint) {
  const torch::Device device = select_device("auto");
  if (!device.is_cuda()) GTEST_SKIP() << "no CUDA device";
  recipe_.epochs = 3;
  recipe_.precision = Precision::fp32;
  Model whole = fresh(), stopped = fresh(), resumed = fresh();
  for (const Model* model : {&whole, &stopped, &resumed}) model->network->to(device);
  const auto expected = losses(train_model(whole, data_.train, data_.val, recipe_, device));
  std::optional<Checkpoint> checkpoint;
  TrainEvents events;
  int steps = 0;
  std::stop_source stop;
  events.stop = stop.get_token();
  events.step_end = [&](const StepEnd&) {
    if (++steps > 9) stop.request_stop();
  };
  events.checkpoint = [&](const Checkpoint& now) {
    checkpoint = now;
    for (auto& [name, tensors] : checkpoint->tensors) {
      for (torch::Tensor& tensor : tensors) tensor = tensor.detach().cpu().clone();
    }
  };
  train_model(stopped, data_.train, data_.val, recipe_, device, events);
  ASSERT_TRUE(checkpoint);
  ASSERT_GT(checkpoint->step, 0);
  const auto found = losses(train_model(resumed, data_.train, data_.val, recipe_, device, {}, &*checkpoint));
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(found[i], expected[i], 0.01 * expected[i]);
}

TEST_F(Trainer, TheMessageOfALossThatIsNotFiniteNamesTheStepAndTheBestModelIsKept) {
  recipe_.epochs = 50;
  Model model = fresh();
  int epochs = 0;
  TrainEvents events;
  events.epoch_end = [&](const EpochEnd&) { ++epochs; };
  // The first step makes weights whose outputs overflow.
  const LossFunction too_steep = [&](const torch::Tensor& logits, const torch::Tensor& targets) {
    return torch::nn::functional::cross_entropy(logits, targets) * 1e38;
  };
  EXPECT_THAT(
      [&] { train_model(model, data_.train, data_.val, recipe_, torch::kCPU, events, nullptr, {too_steep}); },
      ThrowsMessage<Error>(testing::AllOf(HasSubstr("epoch 1, step 2"), HasSubstr("`on_nan` skip"),
                                          HasSubstr("check the values of the custom `loss`"))));
  EXPECT_EQ(epochs, 0);
}

// The outputs are finite, so the weights are not the reason.
TEST_F(Trainer, ACustomLossThatIsNotFiniteIsNamed) {
  for (const int first : {1, 2}) {
    Model model = fresh();
    int steps = 0;
    const LossFunction infinite = [&](const torch::Tensor& logits, const torch::Tensor& targets) {
      const torch::Tensor loss = torch::nn::functional::cross_entropy(logits, targets);
      return ++steps < first ? loss : loss * std::numeric_limits<float>::infinity();
    };
    EXPECT_THAT(
        [&] { train_model(model, data_.train, data_.val, recipe_, torch::kCPU, {}, nullptr, {infinite}); },
        ThrowsMessage<UsageError>(HasSubstr("`loss`: returns inf for outputs that are all finite")));
    EXPECT_EQ(steps, first);
  }
}

// Skipping ends if no step is finite any more.
TEST_F(Trainer, AnEpochWithOnlySkippedStepsIsAnError) {
  recipe_.on_nan = OnNan::skip;
  Model model = fresh();
  const torch::NoGradGuard no_gradients;
  tiny(model).head()->weight.fill_(3e38F);
  EXPECT_THAT([&] { train(model); }, ThrowsMessage<Error>(HasSubstr("no step had a finite loss")));
}

TEST_F(Trainer, OutputsThatAreNotFiniteAreAnErrorBeforeTheFirstStep) {
  Model model = fresh(), other = fresh();
  tiny(model).head()->weight.detach().fill_(3e38F);
  EXPECT_THAT(
      [&] { train(model); },
      ThrowsMessage<Error>(HasSubstr("fc: gives values that are not finite numbers before the first step")));
  tiny(other).norm()->running_var[2] = -1;
  EXPECT_THAT([&] { train(other); }, ThrowsMessage<Error>(HasSubstr("norm.running_var")));
}

// Batch norm divides by the root of an overflowed variance, so that the loss is finite.
TEST_F(Trainer, AnOverflowingVarianceIsAnErrorBeforeTheFirstStep) {
  Model model = fresh();
  tiny(model).conv()->weight.detach().mul_(1e30F);
  EXPECT_THAT([&] { train(model); },
              ThrowsMessage<Error>(HasSubstr("norm.running_var: is not finite after the first batch")));
}

TEST_F(Trainer, AnAlphaThatIsNotAColourIsAUsageError) {
  recipe_.decode.alpha = "glass";
  Model model = fresh();
  EXPECT_THAT([&] { train(model); }, ThrowsMessage<UsageError>(HasSubstr("`alpha`")));
}

// Without batch norm's statistics and with the loss of single labels, ranks train as one process.
class TrainerOfRanks : public Trainer {
 protected:
  TrainerOfRanks() {
    recipe_.epochs = 3;
    recipe_.hold_bn = true;
    recipe_.precision = Precision::fp32;
    recipe_.loader.batch_size = 7;  // the last batch has 3
  }
  // By rank.
  std::vector<TrainResult> train_ranks(int world_size) {
    std::vector<TrainResult> results(static_cast<std::size_t>(world_size));
    std::vector<Model> models;
    for (int rank = 0; rank < world_size; ++rank) models.push_back(fresh());
    test::ThreadRanks::run(world_size, [&](GradientSync& sync) {
      const auto rank = static_cast<std::size_t>(sync.rank());
      results[rank] =
          train_model(models[rank], data_.train, data_.val, recipe_, torch::kCPU, {}, nullptr, {}, sync);
    });
    return results;
  }
  void expect_same_as_alone(int world_size) {
    Model model = fresh();
    const TrainResult alone = train(model);
    for (const TrainResult& result : train_ranks(world_size)) {
      ASSERT_EQ(result.history.size(), alone.history.size());
      for (std::size_t i = 0; i < alone.history.size(); ++i) {
        const EpochRecord &found = result.history[i], &expected = alone.history[i];
        EXPECT_NEAR(found.train_loss, expected.train_loss, 1e-4) << world_size << " ranks";
        EXPECT_NEAR(found.val_loss, expected.val_loss, 1e-4) << world_size << " ranks";
        EXPECT_EQ(found.images, expected.images);
      }
      ASSERT_EQ(result.outcomes.size(), alone.outcomes.size());
      for (std::size_t i = 0; i < alone.outcomes.size(); ++i) {
        EXPECT_EQ(result.outcomes[i].index, alone.outcomes[i].index);
        EXPECT_NEAR(result.outcomes[i].loss, alone.outcomes[i].loss, 1e-3);
      }
      EXPECT_EQ(result.best_epoch, alone.best_epoch);
      EXPECT_EQ(result.skipped, alone.skipped);
    }
  }
};

TEST_F(TrainerOfRanks, TrainAsOneProcessDoes) {
  for (const int world_size : {2, 3}) expect_same_as_alone(world_size);
}

// With a batch of 3 pictures five ranks have at most one each.
TEST_F(TrainerOfRanks, WithoutSamplesTrainAsOneProcessDoes) {
  recipe_.loader.batch_size = 3;
  recipe_.optimizer.accumulate = 2;
  recipe_.ema = 0.9;
  expect_same_as_alone(5);
}

TEST_F(TrainerOfRanks, LeaveOutTheSamePictures) {
  recipe_.loader.skip_bad = true;
  recipe_.loader.batch_size = 2;
  for (const std::size_t bad : {1U, 4U, 5U})
    folder_.write(std::filesystem::relative(data_.train.samples[bad].path, folder_.path()).string(), "P6\n");
  folder_.write(std::filesystem::relative(data_.val.samples[2].path, folder_.path()).string(), "P6\n");
  expect_same_as_alone(2);
}

TEST_F(TrainerOfRanks, WithAHeldBackboneTrainAsOneProcessDoes) {
  recipe_.freeze = true;
  recipe_.head_start = HeadStart::probe;
  recipe_.feature_cache = "off";
  expect_same_as_alone(2);
}

TEST_F(TrainerOfRanks, AStopOfOneEndsAllAfterTheSameStep) {
  std::vector<Checkpoint> checkpoints(2);
  std::vector<Model> models = {fresh(), fresh()};
  test::ThreadRanks::run(2, [&](GradientSync& sync) {
    const auto rank = static_cast<std::size_t>(sync.rank());
    std::stop_source stop;
    TrainEvents events;
    events.stop = stop.get_token();
    events.step_end = [&](const StepEnd& step) {
      if (rank == 1 && step.epoch == 2 && step.step == 2) stop.request_stop();
    };
    events.checkpoint = [&](const Checkpoint& now) {
      checkpoints[rank].epoch = now.epoch;
      checkpoints[rank].step = now.step;
    };
    const TrainResult result =
        train_model(models[rank], data_.train, data_.val, recipe_, torch::kCPU, events, nullptr, {}, sync);
    EXPECT_EQ(result.ending, Ending::stopped);
  });
  for (const Checkpoint& checkpoint : checkpoints) {
    EXPECT_EQ(checkpoint.epoch, 1);
    EXPECT_EQ(checkpoint.step, 2);
  }
}

// Pictures that change during training.
class ChangingFiles : public Trainer {
 protected:
  ChangingFiles() {
    recipe_.epochs = 2;
    recipe_.cache = "off";
    recipe_.loader.workers = 2;
    victim_ = data_.train.samples[5].path;
    events_.epoch_end = [this](const EpochEnd& end) {
      if (end.record.epoch == 1) change_();
    };
  }
  // Expects an Error that names the picture, and with skip_bad a complete training run.
  void expect_told_or_skipped(const std::string& part) {
    Model model = fresh();
    EXPECT_THAT([&] { train(model, events_); },
                ThrowsMessage<Error>(testing::AllOf(HasSubstr(victim_), HasSubstr(part))));
    const std::filesystem::path victim(victim_);
    std::filesystem::remove_all(victim);
    const std::string name = std::filesystem::relative(victim, folder_.path()).string();
    folder_.write(name, test::generated_picture(0, 5));
    recipe_.loader.skip_bad = true;
    Model other = fresh();
    const TrainResult result = train(other, events_);
    EXPECT_EQ(result.history.size(), 2U);
    EXPECT_EQ(result.skipped, 1);
    EXPECT_EQ(*result.history[1].images, static_cast<std::int64_t>(data_.train.samples.size()) - 1);
  }

  std::string victim_;
  std::function<void()> change_;
  TrainEvents events_;
};

TEST_F(ChangingFiles, ADeletedPictureIsReportedOrSkipped) {
  change_ = [&] { std::filesystem::remove(victim_); };
  expect_told_or_skipped("No such file");
}

TEST_F(ChangingFiles, APictureThatBecomesUnreadableIsReportedOrSkipped) {
  change_ = [&] {
    std::filesystem::remove(victim_);
    std::filesystem::create_directory(victim_);
  };
  expect_told_or_skipped("is a folder, not a file");
}

TEST_F(ChangingFiles, ATruncatedPictureIsReportedOrSkipped) {
  change_ = [&] { std::filesystem::resize_file(victim_, 100); };
  expect_told_or_skipped(victim_);
}

TEST_F(ChangingFiles, AReplacedPictureIsReadAsItIs) {
  change_ = [&] { replace_file(victim_, test::generated_picture(0, 5, 300, 200)); };
  Model model = fresh();
  EXPECT_EQ(train(model, events_).history.size(), 2U);
}

// Fails with an out-of-memory error from the n-th batch on, counted over all copies.
class OutOfMemory : public test::TinyNetwork {
 public:
  OutOfMemory(std::int64_t classes, const std::shared_ptr<int>& batches)
      : TinyNetwork(classes), batches_(batches) {}
  torch::Tensor forward_features(const torch::Tensor& images) override {
    if ((*batches_)-- <= 0) torch::empty({std::int64_t{1} << 50});  // more than any address space
    return TinyNetwork::forward_features(images);
  }

 protected:
  NetworkPtr make_alike() const override {
    return std::make_shared<OutOfMemory>(head()->weight.size(0), batches_);
  }

 private:
  std::shared_ptr<int> batches_;
};

TEST_F(Trainer, OutOfMemoryIsAnErrorThatNamesThePhase) {
  recipe_.precision = Precision::fp32;
  const auto train_until = [&](int batches) {
    Model model = fresh();
    model.network = std::make_shared<OutOfMemory>(3, std::make_shared<int>(batches));
    train(model);
  };
  // 24 training and 12 validation pictures in batches of 4.
  EXPECT_THAT([&] { train_until(0); },
              ThrowsMessage<EngineError>(
                  AllOf(StartsWith("epoch 1/8 train: memory ran out"), HasSubstr("`batch_size`"))));
  EXPECT_THAT([&] { train_until(6); },
              ThrowsMessage<EngineError>(StartsWith("epoch 1/8 val: memory ran out")));
  EXPECT_THAT([&] { train_until(9); },
              ThrowsMessage<EngineError>(StartsWith("epoch 2/8 train: memory ran out")));
}

TEST_F(Trainer, AFailureToCacheFeaturesIsAWarning) {
  recipe_.head_start = HeadStart::probe;
  recipe_.epochs = 0;
  recipe_.feature_cache = folder_.write("a-file", "").string() + "/features";  // not below a folder
  std::vector<std::string> warnings;
  TrainEvents events;
  events.warning = [&](const std::string& warning) { warnings.push_back(warning); };
  Model model = fresh(), silent = fresh();
  EXPECT_EQ(train(model, events).history.size(), 1U);
  EXPECT_THAT(warnings, ElementsAre(AllOf(HasSubstr("features are not cached"), HasSubstr("a-file"))));
  EXPECT_EQ(train(silent).history.size(), 1U);  // without a callback there is no warning
}

TEST_F(Trainer, DamagedCachedFeaturesAreComputedAgainWithAWarning) {
  recipe_.head_start = HeadStart::probe;
  recipe_.epochs = 0;
  const auto folder = folder_.path() / "features";
  recipe_.feature_cache = folder.string();
  std::vector<std::string> warnings;
  TrainEvents events;
  events.warning = [&](const std::string& warning) { warnings.push_back(warning); };
  Model first = fresh(), again = fresh(), after = fresh();
  const double loss = train(first, events).history.at(0).train_loss;
  const auto file = std::filesystem::directory_iterator(folder)->path();
  const std::string whole = read_text(file);
  std::string damaged = whole;
  char& byte = damaged[damaged.size() / 2];
  byte = static_cast<char>(byte ^ 1);
  replace_file(file, damaged);
  EXPECT_EQ(train(again, events).history.at(0).train_loss, loss);
  EXPECT_THAT(warnings, ElementsAre(AllOf(HasSubstr("are computed again"), HasSubstr(file.string()))));
  EXPECT_EQ(read_text(file), whole);
  train(after, events);
  EXPECT_EQ(warnings.size(), 1U);
}

// "bluish" and "warm" as two labels: blue is the first, green both, red the second.
class SeveralLabelsTrainer : public Trainer {
 protected:
  SeveralLabelsTrainer() {
    for (Folder* part : {&data_.train, &data_.val}) {
      part->classes = {"cold", "warm"};
      part->class_sets = {{0}, {0, 1}, {1}};
    }
  }
  Model fresh() const {
    Model model = test::tiny_model(data_.train.classes, 3);
    model.task = task_spec_of(data_.train);
    return model;
  }
};

TEST_F(SeveralLabelsTrainer, LearnsASeparableTask) {
  recipe_.epochs = 30;
  recipe_.optimizer.lr = 0.2;
  Model model = fresh();
  const TrainResult result = train(model);
  const EpochRecord& best = result.history[static_cast<std::size_t>(result.best_epoch - 1)];
  EXPECT_EQ(best.val.front(), (MetricValue{"map", 1.0}));
  EXPECT_EQ(value_of(best.val, "top5"), nullptr);
  EXPECT_EQ(result.labels.rows(), data_.val.samples.size());
  EXPECT_EQ(mean_average_precision(label_metrics(result.labels)), 1.0);
  EXPECT_LT(result.history.back().train_loss, result.history.front().train_loss);
}

TEST_F(SeveralLabelsTrainer, MixesSmoothsAndWeighs) {
  recipe_.mix.mixup = recipe_.mix.cutmix = 1;
  recipe_.loss.label_smoothing = 0.1;
  recipe_.loss.class_weights = ClassWeights::balanced;
  Model model = fresh();
  EXPECT_TRUE(std::isfinite(train(model).history.back().train_loss));
}

TEST_F(SeveralLabelsTrainer, AProbeFitsEveryClass) {
  recipe_.head_start = HeadStart::probe;
  recipe_.feature_cache = "off";
  recipe_.epochs = 0;
  Model model = fresh();
  const TrainResult result = train(model);
  EXPECT_EQ(result.history.front().val.front(), (MetricValue{"map", 1.0}));
}

TEST_F(SeveralLabelsTrainer, ASingleLabelModelIsRefused) {
  Model model = fresh();
  model.task = {};
  EXPECT_THROW(train(model), UsageError);
  model.task = {LabelKind::multi};
  recipe_.sampling = Sampling::balanced;
  EXPECT_THAT([&] { train(model); }, ThrowsMessage<UsageError>(HasSubstr("`sampling`")));
}

// The warmth of a colour as a number: blue −5, green 10, red 30.
class NumberTrainer : public Trainer {
 protected:
  NumberTrainer() {
    for (Folder* part : {&data_.train, &data_.val}) {
      part->classes = {"warmth"};
      part->numbers = {-5, 10, 30};
    }
  }
  Model fresh() const {
    Model model = test::tiny_model(data_.train.classes, 3);
    model.task = task_spec_of(data_.train);
    return model;
  }
};

TEST_F(NumberTrainer, LearnsANumberAndKeepsTheSmallestError) {
  recipe_.epochs = 30;
  recipe_.optimizer.lr = 0.05;
  Model model = fresh();
  const TrainResult result = train(model);
  EXPECT_EQ(result.history.front().val.front().key, "rmse");
  EXPECT_EQ(result.history.front().train.front().key, "mae");
  for (const EpochRecord& record : result.history)
    EXPECT_GE(record.val.front().value, result.best_value()) << record.epoch;
  EXPECT_LT(result.best_value(), 5);
  EXPECT_GT(*value_of(result.best().val, "r2"), 0.9);
  EXPECT_LT(result.history.back().train_loss, result.history.front().train_loss);
}

TEST_F(NumberTrainer, MixesAndTakesHuber) {
  recipe_.mix.mixup = recipe_.mix.cutmix = 1;
  recipe_.loss.regression_loss = RegressionLoss::huber;
  Model model = fresh();
  EXPECT_TRUE(std::isfinite(train(model).history.back().train_loss));
}

TEST_F(NumberTrainer, AProbeFitsIt) {
  recipe_.head_start = HeadStart::probe;
  recipe_.feature_cache = "off";
  recipe_.epochs = 0;
  Model model = fresh();
  EXPECT_LT(train(model).best_value(), 3);
}

}  // namespace
}  // namespace graft
