#include "graft/train/step_runner.h"

#include <utility>

namespace graft {

StepRunner::StepRunner(std::int64_t full_batch, Step step, State state, Recorder recorder)
    : full_batch_(full_batch),
      step_(std::move(step)),
      state_(std::move(state)),
      recorder_(std::move(recorder)) {}

void StepRunner::run(const TensorBatch& batch) {
  if (batch.count() != full_batch_) return step_(batch.images, batch.labels);
  if (recorder_) record(batch);
  if (!graph_) return step_(batch.images, batch.labels);
  images_.copy_(batch.images, /*non_blocking=*/true);
  labels_.copy_(batch.labels, /*non_blocking=*/true);
  graph_->replay();
}

void StepRunner::record(const TensorBatch& batch) {
  const Recorder recorder = std::exchange(recorder_, nullptr);
  images_ = batch.images.clone();
  labels_ = batch.labels.clone();
  graph_ = recorder(state_(), [this] { step_(images_, labels_); });
}

StepRunner::Recorder recorder_for(const torch::Device& device, std::int64_t batch_size) {
  if (!can_record(device) || batch_size > largest_recorded_batch) return nullptr;
  return [device](const std::vector<torch::Tensor>& state, const std::function<void()>& work) {
    return record_step(device, state, work);
  };
}

}  // namespace graft
