#include "graft/train/train_step.h"

#include <algorithm>
#include <utility>

#include "graft/core/csv.h"
#include "graft/core/error.h"
#include "graft/core/random.h"
#include "graft/device/autocast.h"
#include "graft/device/engine_error.h"
#include "graft/infer/evaluate.h"
#include "graft/models/finite.h"
#include "graft/train/check_own_parts.h"
#include "graft/train/mix.h"
#include "graft/train/parameter_groups.h"
#include "graft/train/schedule.h"

namespace graft {
namespace {

constexpr std::uint64_t mix_stream = 16;  // of Random; the data stage uses small numbers

void hold_batch_norm(Network& network) {
  for (const auto& module : network.modules()) {
    if (module->as<torch::nn::BatchNorm2dImpl>() != nullptr) module->eval();
  }
}

bool gradients_are_finite(const Network& network) {
  const torch::NoGradGuard no_gradients;
  for (const torch::Tensor& parameter : network.parameters()) {
    if (parameter.grad().defined() && !parameter.grad().sum().isfinite().item<bool>()) return false;
  }
  return true;
}

}  // namespace

TrainStep::TrainStep(Network& network, const Recipe& recipe, const torch::Device& device, const Folder& train,
                     const OwnParts& own, GradientSync& sync, const Distiller* teacher)
    : network_(network),
      recipe_(recipe),
      own_(own),
      sync_(sync),
      device_(device),
      task_(make_task(task_spec_of(train))),
      kind_(train.kind()),
      table_(task_->target_table(train)),
      objective_(*task_, recipe.loss, train, device, own.loss),
      teacher_(teacher),
      optimizer_(parameter_groups(network, recipe), recipe.optimizer),
      sums_(device, find_metric(task_->train_metric()).unit == MetricUnit::share),
      ema_(recipe.ema > 0 ? std::make_unique<Ema>(network, recipe.ema) : nullptr),
      runner_(
          std::min<std::int64_t>(recipe.loader.batch_size, static_cast<std::int64_t>(train.samples.size())),
          [this](const auto& images, const auto& labels) {
            recipe_.on_nan == OnNan::skip ? run_or_skip(images, labels) : run(images, labels);
          },
          [this] { return all_state(); }, recorder()) {
  if (teacher_ != nullptr) {
    const auto labelled = static_cast<double>(train.samples.size());
    labelled_share_ = labelled / (labelled + static_cast<double>(teacher_->unlabelled().size()));
  }
  if (!table_.defined()) return;
  if (table_.is_floating_point()) table_ = table_.to(torch::kFloat32);  // as the outputs
  table_ = table_.to(device);
}

StepRunner::Recorder TrainStep::recorder() {
  // A recorded step must be the same each time.
  const bool same_each_time = recipe_.optimizer.optimizer == Method::sgd &&
                              optimizer_.reads_rate_on_device() && sync_.world_size() == 1 &&
                              !own_.batch_transform && teacher_ == nullptr &&
                              recipe_.optimizer.accumulate == 1 && recipe_.ema == 0 &&
                              recipe_.unfreeze_epochs == 0 && recipe_.on_nan == OnNan::stop;
  const auto record = same_each_time ? recorder_for(device_, recipe_.loader.batch_size) : nullptr;
  if (!record) return nullptr;
  return [this, record](const std::vector<torch::Tensor>& state, const std::function<void()>& work) {
    auto graph = record(state, work);
    // A partly recorded step leaves gradients that were never computed.
    if (!graph) optimizer_.zero_grad();
    return graph;
  };
}

void TrainStep::begin_epoch(int epoch) {
  set_trainable(network_, recipe_, epoch);
  network_.train();
  if (recipe_.hold_bn) hold_batch_norm(network_);
  sums_.reset();
}

void TrainStep::step(const TensorBatch& batch, const StepPlace& place) {
  step(batch, place, learning_rate(place));
}

double TrainStep::learning_rate(const StepPlace& place) const {
  const double part = static_cast<double>(place.number) / static_cast<double>(place.batches);
  return learning_rate_at(recipe_.schedule, recipe_.optimizer.lr, place.epoch + part, recipe_.epochs);
}

void TrainStep::step(const TensorBatch& batch, const StepPlace& place, double lr) {
  optimizer_.set_learning_rate(lr);
  is_first_step_ = place.epoch == 0 && place.number == 0;
  const std::int64_t accumulate = recipe_.optimizer.accumulate;
  const std::int64_t first = place.number - place.number % accumulate;
  group_size_ = std::max<std::int64_t>(std::min(accumulate, place.batches - first), 1);
  group_ends_ = place.number + 1 - first >= group_size_;
  loss_divisor_ = static_cast<double>(group_size_);
  if (place.samples > 0 && batch.count() > 0)
    loss_divisor_ *= static_cast<double>(place.samples) / static_cast<double>(batch.count());
  runner_.run(prepared(batch, place));
}

TensorBatch TrainStep::prepared(const TensorBatch& batch, const StepPlace& place) const {
  TensorBatch ready = batch;
  if (batch.count() == 0) return ready;
  const auto mix = draw_mix(recipe_.mix, batch.images.size(2), batch.images.size(3),
                            Random(recipe_.seed, static_cast<std::uint64_t>(place.epoch),
                                   static_cast<std::uint64_t>(place.number), mix_stream));
  if (mix) {
    const torch::Tensor whole = task_->dense_targets(table_, batch.labels, network_.head()->weight.size(0));
    auto [images, targets] = mix_batch(batch.images, whole, *mix);
    ready.images = images;
    ready.labels = targets;
  }
  return own_.batch_transform ? transformed(std::move(ready), batch) : ready;
}

TensorBatch TrainStep::transformed(TensorBatch ready, const TensorBatch& batch) const {
  const torch::NoGradGuard no_gradients;
  const std::int64_t outputs = network_.head()->weight.size(0);
  ready.labels = targets_of(ready.labels);
  with_engine_errors("`batch_transform`", [&] { own_.batch_transform(ready.images, ready.labels); });
  ready = checked_batch(ready, batch, kind_, outputs);
  if (is_first_step_) check_transformed_images(ready.images);
  if (is_first_step_ || device_.is_cpu()) check_transformed_targets(ready.labels, kind_, outputs);
  return ready;
}

TrainStep::Forward TrainStep::forward(const torch::Tensor& images, const torch::Tensor& labels) {
  if (labels.size(0) == 0) return {torch::zeros({}, device_), torch::zeros({0}, device_), {}};
  const torch::Tensor logits = logits_of(images);
  if (teacher_ != nullptr) return taught(images, labels, logits);
  const torch::Tensor targets = targets_of(labels);
  return {objective_.loss(logits, targets), task_->train_values(logits.detach(), targets), logits.detach()};
}

// The mean over the labelled pictures of an epoch has the weight of the mean over all of them, although their
// share differs from batch to batch.
TrainStep::Forward TrainStep::taught(const torch::Tensor& images, const torch::Tensor& labels,
                                     const torch::Tensor& logits) const {
  const torch::Tensor answers = teacher_->outputs(images);
  if (labels.dim() > 1 || teacher_->unlabelled().empty()) {
    const torch::Tensor targets = targets_of(labels);
    return {teacher_->loss(logits, answers, objective_.loss(logits, targets)),
            task_->train_values(logits.detach(), targets), logits.detach()};
  }
  const torch::Tensor rows = labels.ne(no_label).nonzero().flatten();
  const std::int64_t labelled = rows.size(0);
  if (labelled == 0)
    return {teacher_->loss(logits, answers, torch::zeros({}, device_)), torch::zeros({0}, device_),
            logits.detach()};
  const torch::Tensor outputs = logits.index_select(0, rows);
  const torch::Tensor targets = targets_of(labels.index_select(0, rows));
  const double weight = static_cast<double>(labelled) / static_cast<double>(labels.size(0)) / labelled_share_;
  return {teacher_->loss(logits, answers, weight * objective_.loss(outputs, targets)),
          task_->train_values(outputs.detach(), targets), logits.detach()};
}

void TrainStep::backward(const Forward& forward) {
  if (!forward.outputs.defined()) return;
  loss_divisor_ == 1 ? forward.loss.backward() : (forward.loss / loss_divisor_).backward();
}

// labels: N, or the targets of a mixed batch.
void TrainStep::run(const torch::Tensor& images, const torch::Tensor& labels) {
  const Forward done = forward(images, labels);
  // A recorded step first runs without recording.
  const bool first = std::exchange(is_first_step_, false);
  if (first) check_first_loss(done, images);
  if (device_.is_cpu()) check_own_values(done, images);
  backward(done);
  if (first) check_first_gradient(done);
  finish_step();
  sums_.add(done.loss, done.values);
}

// The same, but a loss or gradient that is not finite changes nothing: not the weights, the optimiser's state
// or batch norm's statistics. With accumulated gradients the whole group of batches is skipped.
void TrainStep::run_or_skip(const torch::Tensor& images, const torch::Tensor& labels) {
  std::vector<torch::Tensor> buffers;
  for (const torch::Tensor& buffer : network_.buffers()) buffers.push_back(buffer.clone());
  const Forward done = forward(images, labels);
  const bool finite = done.loss.isfinite().item<bool>();
  if (finite) backward(done);
  group_is_bad_ = any_rank(sync_, group_is_bad_ || !finite || !gradients_are_finite(network_));
  if (!group_is_bad_) {
    finish_step();
    return sums_.add(done.loss, done.values);
  }
  const torch::NoGradGuard no_gradients;
  const auto now = network_.buffers();
  for (std::size_t i = 0; i < now.size(); ++i) now[i].copy_(buffers[i]);
  optimizer_.zero_grad();
  sums_.skip();
  if (group_ends_) group_is_bad_ = false;
}

void TrainStep::check_own_values(const Forward& forward, const torch::Tensor& images) const {
  const bool has_own_parts = own_.loss || own_.batch_transform;
  if (!has_own_parts || forward.loss.isfinite().item<bool>()) return;
  if (own_.batch_transform) check_transformed_images(images);
  if (own_.loss && forward.outputs.defined() && all_finite(forward.outputs))
    throw UsageError(
        "`loss`", "returns " + csv_number(forward.loss.item<double>()) + " for outputs that are all finite",
        "check its divisions, logarithms and roots, or skip such steps with `on_nan` skip");
}

void TrainStep::check_first_gradient(const Forward& forward) const {
  if (!own_.loss || !forward.outputs.defined() || network_.head()->weight.grad().defined()) return;
  throw UsageError("`loss`", "returns a number that does not depend on the outputs of the network",
                   "compute it from the outputs");
}

void TrainStep::check_first_loss(const Forward& forward, const torch::Tensor& images) {
  const char* advice = own_.batch_transform
                           ? "its weights or the images of `batch_transform` are too large: change them"
                           : "its weights are too large: use other weights";
  // With an overflown variance batch norm gives zeros, and the loss is finite.
  for (const auto& buffer : network_.named_buffers()) {
    if (!all_finite(buffer.value()))
      throw Error(buffer.key(), "is not finite after the first batch, before the first step", advice);
  }
  if (forward.loss.isfinite().item<bool>()) return;
  check_own_values(forward, images);
  const Autocast autocast(device_, recipe_.freeze ? Precision::fp32 : recipe_.precision);
  const std::string layer = first_layer_not_finite(network_, images);
  throw Error(layer.empty() ? "the loss" : layer,
              layer.empty() ? "is not finite before the first step"
                            : "gives values that are not finite numbers before the first step",
              advice);
}

void TrainStep::finish_step() {
  if (!group_ends_) return;
  sum_gradients();
  optimizer_.step();
  optimizer_.zero_grad();
  if (ema_) ema_->update();
}

void TrainStep::sum_gradients() {
  if (sync_.world_size() == 1) return;
  std::vector<torch::Tensor> gradients;
  for (torch::Tensor& parameter : network_.parameters()) {
    if (!parameter.requires_grad()) continue;
    // Missing on a rank with empty batches.
    if (!parameter.grad().defined()) parameter.mutable_grad() = torch::zeros_like(parameter);
    gradients.push_back(parameter.grad());
  }
  sync_.sum(gradients);
}

void TrainStep::end_epoch() {
  optimizer_.zero_grad();
  if (sync_.world_size() == 1) return;
  const torch::NoGradGuard no_gradients;
  std::vector<torch::Tensor> moving = network_.buffers();
  if (ema_) {
    for (const torch::Tensor& average : ema_->state()) moving.push_back(average);
  }
  std::erase_if(moving, [](const torch::Tensor& tensor) { return !tensor.is_floating_point(); });
  sync_.sum(moving);
  for (torch::Tensor& tensor : moving) tensor.div_(sync_.world_size());
}

torch::Tensor TrainStep::targets_of(const torch::Tensor& labels) const {
  return labels.dim() == 1 ? task_->targets(table_, labels) : labels;
}

torch::Tensor TrainStep::logits_of(const torch::Tensor& images) {
  if (recipe_.freeze) return network_.classify(frozen_features(images));
  const Autocast autocast(device_, recipe_.precision);
  return network_.forward(images).to(torch::kFloat32);
}

torch::Tensor TrainStep::frozen_features(const torch::Tensor& images) {
  if (held_) return held_->features(images);
  const torch::NoGradGuard no_gradients;
  if (recipe_.frozen_bn == FrozenBn::update) return network_.features(images);
  // A held network is in eval mode: no statistics change, and dropout acts only before the head.
  const EvalMode eval_mode(network_);
  return network_.features(images);
}

std::vector<torch::Tensor> TrainStep::state() const {
  std::vector<torch::Tensor> tensors = optimizer_.state();
  if (ema_) {
    const auto more = ema_->state();
    tensors.insert(tensors.end(), more.begin(), more.end());
  }
  return tensors;
}

std::vector<torch::Tensor> TrainStep::all_state() const {
  std::vector<torch::Tensor> tensors = network_.parameters();
  for (const auto& more : {network_.buffers(), state(), sums()})
    tensors.insert(tensors.end(), more.begin(), more.end());
  return tensors;
}

}  // namespace graft
