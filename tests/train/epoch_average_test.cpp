#include "graft/train/epoch_average.h"

#include <gtest/gtest.h>

#include "tests/support/tiny_training.h"

namespace graft {
namespace {

struct Weighted : torch::nn::Module {
  Weighted() {
    weight = register_parameter("weight", torch::full({2}, 10.0));
    seen = register_buffer("seen", torch::zeros({}, torch::kInt64));
  }
  void set(float value) {
    const torch::NoGradGuard no_gradients;
    weight.fill_(value);
    seen += 1;
  }
  torch::Tensor weight, seen;
};

float kept_weight(Weighted& network, EpochAverage& average) {
  const SwappedWeights swapped(&average);
  return network.weight[0].item<float>();
}

// (1 − a) · start + a · mean of the last n, by hand.
TEST(EpochAverage, IsTheMeanOfTheLastEpochsMovedTowardsTheStart) {
  Weighted network;
  EpochAverage average(network, 2, 0.25);
  EXPECT_EQ(kept_weight(network, average), 10);
  const std::vector<std::pair<float, float>> epochs = {{2, 8}, {4, 8.25F}, {10, 9.25F}};
  for (const auto& [trained, expected] : epochs) {
    network.set(trained);
    average.end_epoch();
    EXPECT_FLOAT_EQ(kept_weight(network, average), expected);
    EXPECT_EQ(network.weight[0].item<float>(), trained) << "the network's own weights come back";
  }
  const SwappedWeights swapped(&average);
  EXPECT_EQ(network.seen.item<std::int64_t>(), 3) << "counters are the newest";
}

TEST(EpochAverage, ItsStateIsComplete) {
  Weighted a, b;
  EpochAverage first(a, 2, 0.5);
  a.set(1);
  first.end_epoch();
  a.set(5);
  first.end_epoch();
  b.set(7);
  EpochAverage second(b, 2, 0.5);
  const auto from = first.state(), into = second.state();
  ASSERT_EQ(from.size(), into.size());
  for (std::size_t i = 0; i < from.size(); ++i) into[i].copy_(from[i]);
  second.restored();
  EXPECT_EQ(kept_weight(a, first), kept_weight(b, second));
  a.set(3);
  b.set(3);
  first.end_epoch();
  second.end_epoch();
  EXPECT_EQ(kept_weight(a, first), kept_weight(b, second));
  EXPECT_EQ(kept_weight(a, first), 0.5F * 10 + 0.5F * 4);
}

class EpochAverageTraining : public test::TinyTraining {
 protected:
  EpochAverageTraining() {
    recipe_.epochs = 3;
    recipe_.average_epochs = 2;
    recipe_.interpolate = 0.75;
    recipe_.keep = Keep::last;
    recipe_.precision = Precision::fp32;
    recipe_.loader.workers = 0;
  }
  Model fresh() const { return test::tiny_model(data_.train.classes, 3); }
};

// The weights of each epoch are those of the same training without an average.
TEST_F(EpochAverageTraining, KeepsTheMixOfItsEpochs) {
  Model plain = fresh(), mixed = fresh();
  const torch::Tensor start = plain.network->head()->weight.detach().clone();
  std::vector<torch::Tensor> epochs;
  TrainEvents events;
  events.epoch_end = [&](const EpochEnd&) {
    epochs.push_back(plain.network->head()->weight.detach().clone());
  };
  const Recipe averaged = recipe_;
  recipe_.average_epochs = 1;
  recipe_.interpolate = 1;
  train(plain, events);
  recipe_ = averaged;
  const TrainResult result = train(mixed);
  const torch::Tensor expected = 0.25 * start + 0.75 * (epochs[1] + epochs[2]) / 2;
  EXPECT_TRUE(torch::allclose(mixed.network->head()->weight, expected, 1e-5, 1e-6));
  EXPECT_NEAR(mean_loss(result.outcomes), result.history.back().val_loss, 1e-6);
}

TEST_F(EpochAverageTraining, ResumesBitForBit) {
  Model whole = fresh(), again = fresh();
  std::vector<Checkpoint> checkpoints;
  TrainEvents events;
  events.checkpoint = [&](const Checkpoint& checkpoint) {
    Checkpoint copy = checkpoint;
    for (auto& [name, tensors] : copy.tensors) {
      for (torch::Tensor& tensor : tensors) tensor = tensor.clone();
    }
    checkpoints.push_back(std::move(copy));
  };
  train(whole, events);
  ASSERT_EQ(checkpoints.size(), 2U);
  train_model(again, data_.train, data_.val, recipe_, torch::kCPU, {}, &checkpoints[1]);
  EXPECT_TRUE(torch::equal(whole.network->head()->weight, again.network->head()->weight));
}

}  // namespace
}  // namespace graft
