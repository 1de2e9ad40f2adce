#include "graft/train/learner.h"

#include <algorithm>

#include "graft/core/random.h"
#include "graft/device/autocast.h"
#include "graft/evaluate/evaluate.h"
#include "graft/train/mix.h"
#include "graft/train/parameter_blocks.h"

namespace graft {
namespace {

constexpr std::uint64_t mix_stream = 16;  // of Random; the data stage uses small numbers

// A step that is recorded does the same each time.
StepRunner::Recorder recorder(const Recipe& recipe, const torch::Device& device) {
  const bool same_each_time = recipe.optimizer.optimizer == Method::sgd && recipe.optimizer.accumulate == 1 &&
                              recipe.ema == 0 && recipe.unfreeze_epochs == 0;
  return same_each_time ? recorder_for(device, recipe.loader.batch_size) : nullptr;
}

void hold_batch_norm(Network& network) {
  for (const auto& module : network.modules()) {
    if (module->as<torch::nn::BatchNorm2dImpl>() != nullptr) module->eval();
  }
}

}  // namespace

torch::Tensor balanced_class_weights(const std::vector<Sample>& samples, std::int64_t classes) {
  torch::Tensor weights = torch::zeros({classes});
  float* weight = weights.data_ptr<float>();
  for (const Sample& sample : samples) weight[sample.label] += 1;
  for (std::int64_t i = 0; i < classes; ++i) {
    if (weight[i] > 0)
      weight[i] = static_cast<float>(static_cast<double>(samples.size()) /
                                     (static_cast<double>(classes) * static_cast<double>(weight[i])));
  }
  return weights;
}

Learner::Learner(Network& network, const Recipe& recipe, const torch::Device& device,
                 const std::vector<Sample>& samples)
    : network_(network),
      recipe_(recipe),
      device_(device),
      optimizer_(parameter_groups(network, recipe), recipe.optimizer),
      sums_(device),
      ema_(recipe.ema > 0 ? std::make_unique<Ema>(network, recipe.ema) : nullptr),
      runner_(
          std::min<std::int64_t>(recipe.loader.batch_size, static_cast<std::int64_t>(samples.size())),
          [this](const auto& images, const auto& targets) { run(images, targets); },
          [this] { return all_state(); }, recorder(recipe, device)) {
  if (recipe.class_weights == ClassWeights::balanced)
    class_weights_ = balanced_class_weights(samples, network.head()->weight.size(0)).to(device);
}

void Learner::begin_epoch(int epoch) {
  set_trainable(network_, recipe_, epoch);
  network_.train();
  if (recipe_.hold_bn) hold_batch_norm(network_);
  sums_.reset();
}

void Learner::step(const TensorBatch& batch, const StepPlace& place) {
  const double part = static_cast<double>(place.number) / static_cast<double>(place.batches);
  step(batch, place,
       learning_rate_at(recipe_.schedule, recipe_.optimizer.lr, place.epoch + part, recipe_.epochs));
}

void Learner::step(const TensorBatch& batch, const StepPlace& place, double lr) {
  optimizer_.set_learning_rate(lr);
  const std::int64_t accumulate = recipe_.optimizer.accumulate;
  const std::int64_t first = place.number - place.number % accumulate;
  group_size_ = std::max<std::int64_t>(std::min(accumulate, place.batches - first), 1);
  group_ends_ = place.number + 1 - first >= group_size_;
  const auto mix = draw_mix(recipe_.mix, batch.images.size(2), batch.images.size(3),
                            Random(recipe_.seed, static_cast<std::uint64_t>(place.epoch),
                                   static_cast<std::uint64_t>(place.number), mix_stream));
  if (!mix) return runner_.run(batch);
  TensorBatch mixed = batch;
  auto [images, targets] = mix_batch(batch.images, batch.labels, network_.head()->weight.size(0), *mix);
  mixed.images = images;
  mixed.labels = targets;
  runner_.run(mixed);
}

// targets: N labels, or N×classes shares.
void Learner::run(const torch::Tensor& images, const torch::Tensor& targets) {
  const torch::Tensor logits = logits_of(images);
  const torch::Tensor loss = loss_of(logits, targets);
  group_size_ == 1 ? loss.backward() : (loss / group_size_).backward();
  if (group_ends_) {
    optimizer_.step();
    optimizer_.zero_grad();
    if (ema_) ema_->update();
  }
  // Of a mixed picture the larger part counts as its label.
  sums_.add(loss, logits, targets.dim() == 1 ? targets : targets.argmax(1));
}

torch::Tensor Learner::loss_of(const torch::Tensor& logits, const torch::Tensor& targets) const {
  auto options = torch::nn::functional::CrossEntropyFuncOptions().label_smoothing(recipe_.label_smoothing);
  if (class_weights_.defined()) options.weight(class_weights_);
  return torch::nn::functional::cross_entropy(logits, targets, options);
}

torch::Tensor Learner::logits_of(const torch::Tensor& images) {
  if (recipe_.freeze) return network_.classify(frozen_features(images));
  const Autocast autocast(device_, recipe_.precision);
  return network_.forward(images).to(torch::kFloat32);
}

torch::Tensor Learner::frozen_features(const torch::Tensor& images) {
  const torch::NoGradGuard no_gradients;
  if (recipe_.frozen_bn == FrozenBn::update) return network_.features(images);
  // A held network is in eval mode: no statistic moves, and nothing is dropped but before the head.
  const EvalMode eval_mode(network_);
  return network_.features(images);
}

std::vector<torch::Tensor> Learner::state() const {
  std::vector<torch::Tensor> tensors = optimizer_.state();
  if (ema_) {
    const auto more = ema_->state();
    tensors.insert(tensors.end(), more.begin(), more.end());
  }
  return tensors;
}

std::vector<torch::Tensor> Learner::all_state() const {
  std::vector<torch::Tensor> tensors = network_.parameters();
  for (const auto& more : {network_.buffers(), state(), sums()})
    tensors.insert(tensors.end(), more.begin(), more.end());
  return tensors;
}

}  // namespace graft
