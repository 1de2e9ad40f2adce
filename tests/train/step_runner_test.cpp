#include "graft/train/step_runner.h"

#include <gtest/gtest.h>

#include "graft/device/warm_up.h"
#include "graft/train/optimizer.h"
#include "tests/support/tiny_network.h"

namespace graft {
namespace {

// A graph for the CPU: it runs the work itself.
class CalledGraph : public StepGraph {
 public:
  CalledGraph(std::function<void()> work, int* replays) : work_(std::move(work)), replays_(replays) {}
  void replay() override {
    ++*replays_;
    work_();
  }

 private:
  std::function<void()> work_;
  int* replays_;
};

struct Training {
  Model model = test::tiny_model({"a", "b", "c"}, 1);
  Optimizer sgd{{{model.network->parameters()}}, {.lr = 0.1}};
  torch::Tensor loss = torch::zeros({});
  int recordings = 0, replays = 0;

  void step(const torch::Tensor& images, const torch::Tensor& labels) {
    sgd.zero_grad();
    const auto now = torch::nn::functional::cross_entropy(model.network->forward(images), labels);
    now.backward();
    sgd.step();
    loss.add_(now.detach());
  }
  std::vector<torch::Tensor> state() const {
    auto tensors = model.network->parameters();
    for (const auto& more : {model.network->buffers(), sgd.state(), {loss}})
      tensors.insert(tensors.end(), more.begin(), more.end());
    return tensors;
  }
  StepRunner runner(StepRunner::Recorder recorder) {
    return {4, [this](const auto& images, const auto& labels) { step(images, labels); },
            [this] { return state(); }, std::move(recorder)};
  }
  StepRunner::Recorder recorder() {
    return [this](const std::vector<torch::Tensor>& tensors, const std::function<void()>& work) {
      ++recordings;
      warm_up(tensors, work, 3);
      return std::make_unique<CalledGraph>(work, &replays);
    };
  }
};

std::vector<TensorBatch> batches() {
  torch::manual_seed(5);
  std::vector<TensorBatch> all;
  for (const std::int64_t count : {4, 4, 3, 4, 4, 1, 4}) {
    all.push_back({torch::randn({count, 3, 16, 16}), torch::randint(0, 3, {count}, torch::kInt64), {}, {}});
  }
  return all;
}

void expect_the_same(const Training& a, const Training& b) {
  const auto ours = a.state(), theirs = b.state();
  ASSERT_EQ(ours.size(), theirs.size());
  for (std::size_t i = 0; i < ours.size(); ++i) EXPECT_TRUE(torch::equal(ours[i], theirs[i])) << i;
}

TEST(StepRunner, RecordedStepsTrainAsTheOthersDo) {
  Training plain, recorded;
  StepRunner one = plain.runner(nullptr), other = recorded.runner(recorded.recorder());
  for (const TensorBatch& batch : batches()) {
    one.run(batch);
    other.run(batch);
    expect_the_same(plain, recorded);
  }
  EXPECT_EQ(recorded.recordings, 1);
  EXPECT_EQ(recorded.replays, 5);  // the full batches
}

TEST(StepRunner, ContinuesIfNothingCanBeRecorded) {
  Training plain, refused;
  int tries = 0;
  StepRunner one = plain.runner(nullptr), other = refused.runner([&](const auto&, const auto&) {
    ++tries;
    return nullptr;
  });
  for (const TensorBatch& batch : batches()) {
    one.run(batch);
    other.run(batch);
  }
  expect_the_same(plain, refused);
  EXPECT_EQ(tries, 1);
}

TEST(StepRunner, TheCpuAndLargeBatchesAreNotRecorded) {
  EXPECT_EQ(recorder_for(torch::kCPU, 4), nullptr);
  EXPECT_EQ(recorder_for(torch::Device(torch::kCUDA, 0), largest_recorded_batch + 1), nullptr);
}

}  // namespace
}  // namespace graft
