#include "graft/train/trainer.h"

#include <chrono>
#include <cmath>

#include "graft/core/error.h"
#include "graft/evaluate/batch_tensor.h"
#include "graft/evaluate/evaluate.h"
#include "graft/train/optimizer.h"
#include "graft/train/snapshot.h"

namespace graft {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point began) {
  return std::chrono::duration<double>(Clock::now() - began).count();
}

struct PhaseFigures {
  double loss = 0;  // mean over the samples
  double accuracy = 0;
  std::int64_t skipped = 0;
};

// Sums that stay on the device: reading one would make the host wait for every step.
class PhaseSums {
 public:
  explicit PhaseSums(const torch::Device& device)
      : loss_(torch::zeros({}, torch::TensorOptions().device(device))),
        correct_(torch::zeros({}, torch::TensorOptions().device(device).dtype(torch::kInt64))) {
    // MPS has no float64; elsewhere long epochs are summed in it, as the reference's Python floats are.
    if (!device.is_mps()) loss_ = loss_.to(torch::kFloat64);
  }

  void add(const torch::Tensor& mean_loss, const torch::Tensor& logits, const torch::Tensor& labels) {
    loss_.add_(mean_loss.detach().to(loss_.scalar_type()) * labels.size(0));
    correct_.add_(logits.argmax(1).eq(labels).sum());
    count_ += labels.size(0);
  }

  std::int64_t count() const { return count_; }
  PhaseFigures figures() const {
    if (count_ == 0) return {};
    const auto n = static_cast<double>(count_);
    return {loss_.item<double>() / n, static_cast<double>(correct_.item<std::int64_t>()) / n, 0};
  }

 private:
  torch::Tensor loss_, correct_;
  std::int64_t count_ = 0;
};

class Training {
 public:
  Training(Model& model, const std::vector<Sample>& train, const std::vector<Sample>& val,
           const Recipe& recipe, torch::Device device, const TrainEvents& events)
      : network_(*model.network),
        recipe_(recipe),
        device_(device),
        events_(events),
        train_loader_(train, model.preprocess, train_loader_options(recipe)),
        val_loader_(val, model.preprocess, val_loader_options(recipe)),
        sgd_(recipe.freeze ? network_.head()->parameters() : network_.parameters(), recipe.optimizer) {
    for (auto& parameter : network_.parameters()) parameter.requires_grad_(!recipe.freeze);
    for (auto& parameter : network_.head()->parameters()) parameter.requires_grad_(true);
  }

  TrainResult run() {
    const auto began = Clock::now();
    TrainResult result;
    for (int epoch = 0; epoch < recipe_.epochs; ++epoch) {
      const EpochRecord record = run_epoch(epoch, result);
      const bool best = result.history.empty() || record.val_acc > result.best_val_acc;
      if (best) {
        best_weights_.take(network_);
        result.best_val_acc = record.val_acc;
        result.best_epoch = epoch;
      }
      result.history.push_back(record);
      if (events_.epoch_end) events_.epoch_end({record, recipe_.epochs, best});
    }
    best_weights_.restore(network_);
    network_.eval();
    result.seconds = seconds_since(began);
    return result;
  }

 private:
  EpochRecord run_epoch(int epoch, TrainResult& result) {
    const auto began = Clock::now();
    EpochRecord record;
    record.epoch = epoch;
    record.lr = learning_rate_at(recipe_.schedule, recipe_.optimizer.lr, epoch);
    sgd_.set_learning_rate(record.lr);
    const PhaseFigures train = train_phase(epoch);
    check_finite(train.loss, record);
    const Evaluation val = evaluate(network_, val_loader_, device_, "val", events_.progress);
    if (val.outcomes.empty()) throw Error("val", "none of its pictures could be read");
    record.train_loss = train.loss;
    record.train_acc = train.accuracy;
    record.val_loss = mean_loss(val.outcomes);
    record.val_acc = accuracy(val.outcomes);
    record.seconds = seconds_since(began);
    result.skipped = train.skipped + static_cast<std::int64_t>(val.bad.size());
    return record;
  }

  PhaseFigures train_phase(int epoch) {
    network_.train();
    PhaseSums sums(device_);
    const auto stream = train_loader_.epoch(static_cast<std::uint64_t>(epoch));
    while (const auto batch = stream->next()) {
      step(*batch, sums);
      if (events_.progress) {
        events_.progress(
            {"train", static_cast<std::uint64_t>(sums.count()), train_loader_.samples().size(), "images"});
      }
    }
    if (sums.count() == 0) throw Error("train", "none of its pictures could be read");
    PhaseFigures figures = sums.figures();
    figures.skipped = static_cast<std::int64_t>(stream->bad().size());
    return figures;
  }

  void step(const Batch& batch, PhaseSums& sums) {
    const auto labels = labels_of(batch, device_);
    sgd_.zero_grad();
    const auto logits = network_.classify(features(batch));
    const auto loss = torch::nn::functional::cross_entropy(logits, labels);
    loss.backward();
    sgd_.step();
    sums.add(loss, logits, labels);
  }

  torch::Tensor features(const Batch& batch) {
    if (!recipe_.freeze) return network_.features(images_of(batch, device_));
    const torch::NoGradGuard no_gradients;
    const auto images = images_channels_last(batch, device_);
    if (recipe_.frozen_bn == FrozenBn::update) return network_.features(images);
    // A held network is in eval mode: no statistic moves, and nothing is dropped but before the head.
    const EvalMode eval_mode(network_);
    return network_.features(images);
  }

  static void check_finite(double loss, const EpochRecord& record) {
    if (std::isfinite(loss)) return;
    throw Error("epoch " + std::to_string(record.epoch),
                "the training loss is not finite (learning rate " + std::to_string(record.lr) + ")",
                "try a smaller --lr");
  }

  Network& network_;
  const Recipe& recipe_;
  torch::Device device_;
  const TrainEvents& events_;
  Loader train_loader_, val_loader_;
  Sgd sgd_;
  Snapshot best_weights_;
};

}  // namespace

TrainResult train_model(Model& model, const std::vector<Sample>& train, const std::vector<Sample>& val,
                        const Recipe& recipe, const torch::Device& device, const TrainEvents& events) {
  return Training(model, train, val, recipe, device, events).run();
}

}  // namespace graft
