#include "graft/train/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

#include "graft/core/error.h"
#include "graft/device/autocast.h"
#include "graft/device/cudnn_benchmark.h"
#include "graft/device/device.h"
#include "graft/evaluate/features.h"
#include "graft/train/compute.h"
#include "graft/train/optimizer.h"
#include "graft/train/probe.h"
#include "graft/train/snapshot.h"
#include "graft/train/sources.h"
#include "graft/train/step_runner.h"

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

// Sums that stay on the device: reading one would make the host wait for every step. Long epochs are summed
// in float64 where the device has it, as the reference's Python floats are.
class PhaseSums {
 public:
  explicit PhaseSums(const torch::Device& device)
      : loss_(torch::zeros({}, torch::TensorOptions().device(device).dtype(widest_float(device)))),
        correct_(torch::zeros({}, torch::TensorOptions().device(device).dtype(torch::kInt64))) {}

  void reset() {
    loss_.zero_();
    correct_.zero_();
  }
  void add(const torch::Tensor& mean_loss, const torch::Tensor& logits, const torch::Tensor& labels) {
    loss_.add_(mean_loss.detach().to(loss_.scalar_type()) * labels.size(0));
    correct_.add_(logits.argmax(1).eq(labels).sum());
  }
  PhaseFigures figures(std::int64_t count) const {
    const auto n = static_cast<double>(count);
    return {loss_.item<double>() / n, static_cast<double>(correct_.item<std::int64_t>()) / n, 0};
  }
  std::vector<torch::Tensor> state() const { return {loss_, correct_}; }

 private:
  torch::Tensor loss_, correct_;
};

std::vector<torch::Tensor> backbone_parameters(Network& network) {
  const auto head = network.head()->parameters();
  std::vector<torch::Tensor> others;
  for (const torch::Tensor& parameter : network.parameters()) {
    if (std::none_of(head.begin(), head.end(), [&](const auto& h) { return h.is_same(parameter); }))
      others.push_back(parameter);
  }
  return others;
}

// Nothing is kept for a pass that does not come.
LoaderOptions passes(LoaderOptions options, int count) {
  if (count <= 1) options.cache = "off";
  return options;
}

class Training {
 public:
  Training(Model& model, const SharedSamples& train, const SharedSamples& val, const Recipe& recipe,
           torch::Device device, const TrainEvents& events)
      : model_(model),
        network_(*model.network),
        recipe_(recipe),
        device_(device),
        events_(events),
        decoded_(recipe.epochs > 1 ? DecodedCache::make(recipe.loader.cache) : nullptr),
        train_loader_(train, model.preprocess, passes(train_loader_options(recipe), recipe.epochs), decoded_),
        val_loader_(val, model.preprocess, passes(val_loader_options(recipe), recipe.epochs), decoded_),
        head_sgd_(network_.head()->parameters(), recipe.optimizer),
        backbone_sgd_(recipe.freeze ? std::vector<torch::Tensor>{} : backbone_parameters(network_),
                      recipe.optimizer),
        sums_(device),
        runner_(
            std::min<std::int64_t>(recipe.loader.batch_size, static_cast<std::int64_t>(train->size())),
            [this](const auto& images, const auto& labels) { step(images, labels); },
            [this] { return state(); }, recorder_for(device, recipe.loader.batch_size)) {
    for (auto& parameter : network_.parameters()) parameter.requires_grad_(!recipe.freeze);
    for (auto& parameter : network_.head()->parameters()) parameter.requires_grad_(true);
  }

  TrainResult run() {
    const auto began = Clock::now();
    const bool probed = recipe_.head_start == HeadStart::probe;
    if (probed) conclude(probe());
    if (recipe_.epochs > 0) {
      // A frozen network in eval mode is one function from here on.
      if (backbone_is_held(recipe_)) held_.emplace(network_);
      if (!recipe_.freeze) lay_out(network_, recipe_.layout);
      sources_ =
          open_sources(train_loader_, val_loader_, model_.preprocess, recipe_, device_, events_.progress);
      for (int epoch = 0; epoch < recipe_.epochs; ++epoch) conclude(run_epoch(epoch, probed ? 1 : 0));
      held_.reset();
    }
    if (!best_is_here_) best_weights_.restore(network_);
    network_.eval();
    result_.seconds = seconds_since(began);
    return result_;
  }

 private:
  void conclude(const EpochRecord& record) {
    const bool best = result_.history.empty() || record.val_acc > result_.best_val_acc;
    const int epochs = recipe_.epochs + (recipe_.head_start == HeadStart::probe ? 1 : 0);
    best_is_here_ = best;
    if (best) {
      if (record.epoch + 1 < epochs) best_weights_.take(network_);
      result_.best_val_acc = record.val_acc;
      result_.best_epoch = record.epoch;
    }
    result_.history.push_back(record);
    if (events_.epoch_end) events_.epoch_end({record, epochs, best});
  }

  // Its figures stand as an epoch before the others.
  EpochRecord probe() {
    const auto began = Clock::now();
    FeatureCache cache = open_feature_cache(model_, recipe_);
    const ViewFeatures train = extract_views(model_, train_loader_.samples(), recipe_.views, recipe_, device_,
                                             cache, "train", events_.progress);
    const ViewFeatures val =
        extract_views(model_, val_loader_.samples(), 0, recipe_, device_, cache, "val", events_.progress);
    cache.save();
    result_.probe = fit_head(network_, train, recipe_.seed);
    const Evaluation on_train = evaluate_features(network_, train.centre, device_);
    const Evaluation on_val = evaluate_features(network_, val.centre, device_);
    EpochRecord record;
    record.train_loss = mean_loss(on_train.outcomes);
    record.train_acc = accuracy(on_train.outcomes);
    record.val_loss = mean_loss(on_val.outcomes);
    record.val_acc = accuracy(on_val.outcomes);
    record.seconds = seconds_since(began);
    result_.skipped = static_cast<std::int64_t>(on_train.bad.size() + on_val.bad.size());
    return record;
  }

  EpochRecord run_epoch(int epoch, int before) {
    const auto began = Clock::now();
    EpochRecord record;
    record.epoch = epoch + before;
    record.lr = learning_rate_at(recipe_.schedule, recipe_.optimizer.lr, epoch, recipe_.epochs);
    const PhaseFigures train = train_phase(epoch);
    check_finite(train.loss, record);
    const Evaluation val = validate();
    if (val.outcomes.empty()) throw Error("val", "none of its pictures could be read");
    record.train_loss = train.loss;
    record.train_acc = train.accuracy;
    record.val_loss = mean_loss(val.outcomes);
    record.val_acc = accuracy(val.outcomes);
    record.seconds = seconds_since(began);
    result_.skipped = train.skipped + static_cast<std::int64_t>(val.bad.size());
    return record;
  }

  // A held backbone sees the same in every epoch: it looks once, if memory for pictures may be used at all.
  Evaluation validate() {
    if (!backbone_is_held(recipe_) || !decoded_)
      return evaluate(network_, *sources_.val, "val", events_.progress, recipe_.precision);
    if (!val_features_)
      val_features_ = extract_features(network_, val_loader_, device_, "val", events_.progress);
    return evaluate_features(network_, *val_features_, device_);
  }

  PhaseFigures train_phase(int epoch) {
    network_.train();
    sums_.reset();
    std::int64_t seen = 0;
    const auto stream = sources_.train->epoch(static_cast<std::uint64_t>(epoch));
    const auto steps = static_cast<double>(std::max<std::int64_t>(sources_.train->batches(), 1));
    for (std::int64_t number = 0; const auto batch = stream->next(); ++number) {
      set_learning_rate(epoch + static_cast<double>(number) / steps);
      runner_.run(*batch);
      seen += batch->count();
      if (events_.progress) {
        events_.progress({"train", static_cast<std::uint64_t>(seen), sources_.train->size(), "images"});
      }
    }
    if (seen == 0) throw Error("train", "none of its pictures could be read");
    head_sgd_.zero_grad();  // validation can use the memory
    backbone_sgd_.zero_grad();
    PhaseFigures figures = sums_.figures(seen);
    figures.skipped = static_cast<std::int64_t>(stream->bad().size());
    return figures;
  }

  void set_learning_rate(double epoch) {
    const double lr = learning_rate_at(recipe_.schedule, recipe_.optimizer.lr, epoch, recipe_.epochs);
    head_sgd_.set_learning_rate(lr);
    backbone_sgd_.set_learning_rate(lr * recipe_.backbone_lr);
  }

  void step(const torch::Tensor& images, const torch::Tensor& labels) {
    head_sgd_.zero_grad();
    backbone_sgd_.zero_grad();
    const auto logits = logits_of(images);
    const auto loss = torch::nn::functional::cross_entropy(
        logits, labels,
        torch::nn::functional::CrossEntropyFuncOptions().label_smoothing(recipe_.label_smoothing));
    loss.backward();
    backbone_sgd_.step();
    head_sgd_.step();
    sums_.add(loss, logits, labels);
  }

  // All that a step moves.
  std::vector<torch::Tensor> state() const {
    std::vector<torch::Tensor> tensors = network_.parameters();
    for (const auto& more : {network_.buffers(), head_sgd_.state(), backbone_sgd_.state(), sums_.state()}) {
      tensors.insert(tensors.end(), more.begin(), more.end());
    }
    return tensors;
  }

  torch::Tensor logits_of(const torch::Tensor& images) {
    if (recipe_.freeze) return network_.classify(frozen_features(images));
    const Autocast autocast(device_, recipe_.precision);
    return network_.forward(images).to(torch::kFloat32);
  }

  torch::Tensor frozen_features(const torch::Tensor& images) {
    const torch::NoGradGuard no_gradients;
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

  Model& model_;
  Network& network_;
  const Recipe& recipe_;
  torch::Device device_;
  const TrainEvents& events_;
  std::shared_ptr<DecodedCache> decoded_;  // of both loaders
  Loader train_loader_, val_loader_;
  Sgd head_sgd_, backbone_sgd_;
  PhaseSums sums_;
  TrainSources sources_;
  std::optional<Folded> held_;
  std::optional<FeatureSet> val_features_;
  Snapshot best_weights_;
  bool best_is_here_ = false;  // the network itself holds them
  TrainResult result_;
  StepRunner runner_;
};

}  // namespace

void check_recipe(const Recipe& recipe) {
  if (recipe.epochs == 0 && recipe.head_start != HeadStart::probe)
    throw UsageError("--epochs", "0 leaves nothing to do", "ask for 1 or more, or for --head-start probe");
}

TrainResult train_model(Model& model, const std::vector<Sample>& train, const std::vector<Sample>& val,
                        const Recipe& recipe, const torch::Device& device, const TrainEvents& events) {
  check_recipe(recipe);
  const CudnnBenchmark benchmark;
  Recipe resolved = recipe;
  resolved.precision = resolve_precision(recipe, *model.network, device).precision;
  const auto shared = [](const std::vector<Sample>& samples) {
    return SharedSamples(&samples, [](const auto*) {});  // the caller's, for the time of this call
  };
  return Training(model, shared(train), shared(val), resolved, device, events).run();
}

}  // namespace graft
