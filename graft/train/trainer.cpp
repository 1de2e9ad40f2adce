#include "graft/train/trainer.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <utility>

#include "graft/core/csv.h"
#include "graft/core/error.h"
#include "graft/core/stopwatch.h"
#include "graft/data/readable_classes.h"
#include "graft/device/cudnn_benchmark.h"
#include "graft/device/device.h"
#include "graft/device/engine_error.h"
#include "graft/device/random_state.h"
#include "graft/infer/features.h"
#include "graft/models/finite.h"
#include "graft/train/compute.h"
#include "graft/train/probe.h"
#include "graft/train/snapshot.h"
#include "graft/train/sources.h"
#include "graft/train/train_step.h"

namespace graft {
namespace {

// What to do about a loss that is not finite.
std::string divergence_advice(const Recipe& recipe) {
  return std::string("try a smaller `lr`, or `clip_grad` 1") +
         (recipe.on_nan == OnNan::skip ? "" : ", or `on_nan` skip") + "; the best model so far is kept";
}

// The caller's, for the time of the training.
SharedSamples shared(const std::vector<Sample>& samples) {
  return {&samples, [](const auto*) {}};
}

// Thrown through whatever runs when the training is stopped.
struct Stopped {};

class Training {
 public:
  Training(Model& model, const Folder& train, const Folder& val, const Recipe& recipe, torch::Device device,
           const TrainEvents& events, const LossFunction& loss)
      : model_(model),
        network_(*model.network),
        train_(train),
        val_(val),
        recipe_(recipe),
        device_(device),
        task_(make_task(model.task)),
        train_targets_(task_->target_table(train)),
        val_targets_(task_->target_table(val)),
        events_(events),
        loss_(loss),
        decoded_(recipe.epochs > 1 ? DecodedCache::make(recipe.cache) : nullptr),
        train_loader_(shared(train.samples), model.preprocess, recipe.loader, train_pass(recipe), decoded_),
        val_loader_(shared(val.samples), model.preprocess, recipe.loader, val_pass(recipe), decoded_) {}

  TrainResult run(const Checkpoint* from) {
    try {
      return run_phases(from);
    } catch (...) {
      rethrow_engine_error(std::current_exception(), phase_);
    }
  }

 private:
  TrainResult run_phases(const Checkpoint* from) {
    if (from != nullptr) read_position(*from);
    try {
      if (probed() && result_.history.empty()) conclude(probe(), recipe_.epochs == 0);
      if (recipe_.epochs > 0) run_epochs(from);
    } catch (const Stopped&) {
      result_.ending = Ending::stopped;
      if (train_step_) tell_checkpoint();
    }
    finish();
    return result_;
  }

  bool probed() const { return recipe_.head_start == HeadStart::probe; }

  void run_epochs(const Checkpoint* from) {
    phase_ = "training";
    // Velocities and averages lie in memory as the weights do.
    if (!recipe_.freeze) lay_out(network_, recipe_.layout);
    train_step_.emplace(network_, recipe_, device_, train_, loss_);
    if (from != nullptr) read_tensors(*from);
    // A frozen network in eval mode is one function from here on.
    if (backbone_is_held(recipe_)) {
      held_ = InferenceModel::compile(model_, device_);
      train_step_->hold(*held_);
    }
    sources_ =
        open_sources(train_loader_, val_loader_, model_.preprocess, recipe_, device_, events_.progress);
    while (goes_on()) {
      const EpochRecord record = run_epoch();
      const EmaWeights averaged(train_step_->ema());
      ++epoch_;
      step_ = 0;
      epoch_seconds_ = 0;
      conclude(record, epoch_ == recipe_.epochs);
    }
  }

  // Whether another epoch is to come; else why not. The limit on time leaves every session one epoch.
  bool goes_on() {
    if (epoch_ >= recipe_.epochs) return false;
    if (result_.history.empty()) return true;
    const EpochRecord& last = result_.history.back();
    if (recipe_.patience > 0 && last.epoch - result_.best_epoch >= recipe_.patience) {
      result_.ending = Ending::patience;
      return false;
    }
    const bool has_trained = epoch_ > first_epoch_;
    if (recipe_.time_limit > 0 && has_trained && watch_.seconds() + last.seconds > recipe_.time_limit) {
      result_.ending = Ending::time_limit;
      return false;
    }
    return true;
  }

  // An epoch is over, the network has its weights. Its model is reported before the checkpoint: a run that
  // continues from an older checkpoint comes by this epoch again.
  void conclude(const EpochRecord& record, bool last) {
    const EpochRecord* former = best_epoch(result_.history);
    const bool best = former == nullptr || record.is_better_than(*former);
    best_is_here_ = best && last && !(train_step_ && train_step_->ema());
    if (best) {
      if (!best_is_here_) best_weights_.take(network_);
      result_.best_epoch = record.epoch;
      static_cast<Outcomes&>(result_) = last_validation_;
    }
    result_.history.push_back(record);
    if (events_.epoch_end) events_.epoch_end({record, recipe_.epochs, best});
    if (!last && train_step_) {
      const EmaWeights own(train_step_->ema());  // the average was in the network: now its own weights
      tell_checkpoint();
    }
  }

  // Its figures stand before those of the epochs.
  EpochRecord probe() {
    phase_ = "probe";
    const Stopwatch watch;
    FeatureCache cache = open_feature_cache(model_, recipe_);
    const auto progress = stoppable(events_.progress);
    const ViewFeatures train = extract_views(model_, train_loader_.samples(), recipe_.views, recipe_, device_,
                                             cache, "probe train", progress);
    const ViewFeatures val =
        extract_views(model_, val_loader_.samples(), 0, recipe_, device_, cache, "probe val", progress);
    keep(cache);
    require_readable(train_, "training", train.centre.indices.size(), train.centre.bad);
    require_readable(val_, "validation", val.centre.indices.size(), val.centre.bad);
    result_.probe = fit_head(network_, *task_, train_targets_, train, recipe_.seed);
    const Evaluation on_train = evaluate_features(network_, *task_, train.centre, device_, train_targets_);
    const Evaluation on_val = evaluate_features(network_, *task_, val.centre, device_, val_targets_);
    EpochRecord record;
    record.probe = true;
    record.train_loss = mean_loss(on_train.outcomes);
    record.train = {{task_->train_metric(), *value_of(task_->metrics(on_train), task_->train_metric())}};
    record.images = static_cast<std::int64_t>(on_train.outcomes.size());
    take_validation(on_val, record);
    record.seconds = watch.seconds();
    result_.skipped = static_cast<std::int64_t>(on_train.bad.size() + on_val.bad.size());
    return record;
  }

  // Features that are not kept are computed again the next time.
  void keep(FeatureCache& cache) const {
    try {
      if (recipe_.feature_cache == "auto" && !default_feature_folder())
        throw Error("HOME", "is not set and the user has no home folder",
                    "set XDG_CACHE_HOME, or name a folder with `feature_cache`");
      cache.save();
    } catch (const Error& error) {
      if (events_.warning)
        events_.warning(std::string("the probe's features are not kept for the next training: ") +
                        error.what());
    }
  }

  EpochRecord run_epoch() {
    const Stopwatch watch;
    const double before = epoch_seconds_;
    EpochRecord record;
    record.epoch = epoch_ + 1;
    record.lr = mean_learning_rate(recipe_.schedule, recipe_.optimizer.lr, epoch_, recipe_.epochs,
                                   sources_.train->batches());
    try {
      train_phase(record);
      record.train_seconds = before + watch.seconds();
      const EmaWeights averaged(train_step_->ema());
      check_weights(record);
      const Evaluation val = validate(phase_name(record.epoch, "val"));
      take_validation(val, record);
      result_.skipped = skipped_ + static_cast<std::int64_t>(val.bad.size());
    } catch (const Stopped&) {
      epoch_seconds_ = before + watch.seconds();
      throw;
    }
    record.seconds = before + watch.seconds();
    record.val_seconds = record.seconds - *record.train_seconds;
    return record;
  }

  void take_validation(const Evaluation& val, EpochRecord& record) {
    require_readable(val_, "validation", val.outcomes.size(), val.bad);
    record.val_loss = mean_loss(val.outcomes);
    record.val = task_->metrics(val);
    last_validation_ = val;
  }

  void train_phase(EpochRecord& record) {
    train_step_->begin_epoch(epoch_);
    const Checkpoint* resumed = std::exchange(resumed_, nullptr);
    if (resumed != nullptr && step_ > 0) restore_tensors(*resumed, "sums", train_step_->sums());
    const auto stream = sources_.train->epoch(static_cast<std::uint64_t>(epoch_));
    std::int64_t seen = 0;
    // What was learned from before the training was stopped.
    for (std::int64_t number = 0; number < step_; ++number) {
      if (const auto batch = stream->next()) seen += batch->count();
    }
    const std::int64_t batches = sources_.train->batches();
    const std::string name = phase_ = phase_name(record.epoch, "train");
    while (const auto batch = stream->next()) {
      train_step_->step(*batch, {epoch_, step_++, batches});
      if (recipe_.on_nan == OnNan::stop && device_.is_cpu()) check_finite(record.epoch);
      seen += batch->count();
      if (events_.progress) {
        events_.progress({name, static_cast<std::uint64_t>(seen), sources_.train->size(), "images",
                          [&] { return loss_note(); }});
      }
      if (events_.step_end) events_.step_end({record.epoch, step_, batches, train_step_->figures().loss});
      if (train_step_->between_steps()) check_stop();
    }
    require_readable(train_, "training", static_cast<std::size_t>(seen), stream->bad());
    train_step_->drop_gradients();  // validation can use the memory
    check_finite(record.epoch);
    const PhaseFigures figures = train_step_->figures();
    if (figures.steps == 0)
      throw Error("epoch " + std::to_string(record.epoch), "no step had a finite loss: all were skipped",
                  divergence_advice(recipe_));
    record.train_loss = figures.loss;
    record.train = {{task_->train_metric(), figures.metric}};
    record.images = seen;
    skipped_ = static_cast<std::int64_t>(stream->bad().size());
    result_.skipped_steps += figures.skipped_steps;
  }

  // A held backbone sees the same in every epoch: it looks once, if memory for pictures may be used at all.
  Evaluation validate(const std::string& name) {
    phase_ = name;
    const auto progress = stoppable(events_.progress);
    if (!backbone_is_held(recipe_) || !decoded_)
      return evaluate(InferenceModel::compile(model_, device_, recipe_.precision), *sources_.val,
                      {name, progress, val_targets_});
    if (!val_features_) val_features_ = extract_features(*held_, val_loader_, name, progress);
    return evaluate_features(network_, *task_, *val_features_, device_, val_targets_);
  }

  // The weights that are kept go into the network.
  void finish() {
    if (!best_is_here_) best_weights_.restore(network_);
    network_.eval();
    result_.seconds += watch_.seconds();
    if (!result_.history.empty() && result_.outcomes.empty() && result_.ending != Ending::stopped) {
      static_cast<Outcomes&>(result_) = evaluate(InferenceModel::compile(model_, device_), val_loader_,
                                                 {"val", events_.progress, val_targets_});
    }
  }

  void tell_checkpoint() {
    if (!events_.checkpoint) return;
    Checkpoint checkpoint{
        epoch_,        step_, result_.history, result_.seconds + watch_.seconds(), epoch_seconds_,
        result_.probe, {}};
    checkpoint.tensors["network"] = tensors_of(network_);
    checkpoint.tensors["learner"] = train_step_->state();
    checkpoint.tensors["sums"] = train_step_->sums();
    checkpoint.tensors["best"] = best_weights_.tensors();
    checkpoint.tensors["random"] = random_state(device_);
    events_.checkpoint(checkpoint);
  }

  void read_position(const Checkpoint& from) {
    epoch_ = first_epoch_ = from.epoch;
    step_ = from.step;
    epoch_seconds_ = from.epoch_seconds;
    result_.seconds = from.seconds;
    result_.probe = from.probe;
    result_.history = from.history;
    if (const EpochRecord* best = best_epoch(from.history)) result_.best_epoch = best->epoch;
  }

  void read_tensors(const Checkpoint& from) {
    restore_tensors(from, "network", tensors_of(network_));
    restore_tensors(from, "learner", train_step_->state());
    if (!from.history.empty()) {
      best_weights_.take(network_);
      restore_tensors(from, "best", best_weights_.tensors());
    }
    if (const auto states = from.tensors.find("random"); states != from.tensors.end())
      set_random_state(device_, states->second);
    resumed_ = &from;
  }

  void check_stop() const {
    if (events_.stop && events_.stop()) throw Stopped();
  }
  ProgressCallback stoppable(const ProgressCallback& progress) const {
    return [this, progress](const Progress& p) {
      if (progress) progress(p);
      check_stop();
    };
  }
  std::string phase_name(int epoch, const char* phase) const {
    return "epoch " + std::to_string(epoch) + "/" + std::to_string(recipe_.epochs) + " " + phase;
  }
  std::string loss_note() const {
    char text[32];
    std::snprintf(text, sizeof text, "loss %.4f", train_step_->figures().loss);
    return text;
  }

  // The last step may have made them not finite, which no loss shows.
  void check_weights(const EpochRecord& record) const {
    try {
      check_tensors(network_);
    } catch (const Error& error) {
      const double lr = train_step_->learning_rate({epoch_, step_ - 1, sources_.train->batches()});
      throw Error("epoch " + std::to_string(record.epoch),
                  error.where() + " is not finite (learning rate " + csv_number(lr) + ")",
                  divergence_advice(recipe_));
    }
  }

  // Told as soon as the host may know without waiting for a device.
  void check_finite(int epoch) const {
    const std::int64_t batches = sources_.train->batches();
    if (const auto bad = train_step_->first_bad_step()) {
      const double lr = train_step_->learning_rate({epoch_, *bad, batches});
      throw Error("epoch " + std::to_string(epoch) + ", step " + std::to_string(*bad + 1),
                  "the training loss is not finite (learning rate " + csv_number(lr) + ")",
                  divergence_advice(recipe_));
    }
  }

  Model& model_;
  Network& network_;
  const Folder &train_, &val_;
  const Recipe& recipe_;
  torch::Device device_;
  std::unique_ptr<const Task> task_;
  torch::Tensor train_targets_, val_targets_;  // Task::target_table()
  const TrainEvents& events_;
  const LossFunction& loss_;
  std::shared_ptr<DecodedCache> decoded_;  // of both loaders
  Loader train_loader_, val_loader_;
  std::optional<TrainStep> train_step_;
  TrainSources sources_;
  std::optional<InferenceModel> held_;  // the backbone, where it is held
  std::optional<FeatureSet> val_features_;
  Snapshot best_weights_;
  bool best_is_here_ = false;  // the network itself holds them
  Evaluation last_validation_;
  const Checkpoint* resumed_ = nullptr;  // until its epoch has begun
  int epoch_ = 0;                        // how many are done, the probe not counted
  int first_epoch_ = 0;                  // how many were done before this session
  std::int64_t step_ = 0;                // batches of the next one that are done
  double epoch_seconds_ = 0;             // that it took before this session
  std::int64_t skipped_ = 0;
  std::string phase_ = "training";  // what it is doing, for errors
  const Stopwatch watch_;
  TrainResult result_;
};

}  // namespace

const char* to_string(Ending ending) {
  static constexpr std::array names = {"finished", "patience", "time limit", "stopped"};
  return names[static_cast<std::size_t>(ending)];
}

// What the data must be like for this recipe.
static void check_labels(const Model& model, const Folder& train, const Folder& val, const Recipe& recipe) {
  if (model.task != task_spec_of(train) || train.class_sets != val.class_sets || train.numbers != val.numbers)
    throw UsageError("model", "is not of the labels of the data",
                     "set Model::task to task_spec_of(train), and let both parts have the same labels");
  check_sampling(recipe, train);
}

TrainResult train_model(Model& model, const Folder& train, const Folder& val, const Recipe& recipe,
                        const torch::Device& device, const TrainEvents& events, const Checkpoint* from,
                        const LossFunction& loss) {
  check_recipe(recipe);
  check_labels(model, train, val, recipe);
  check_tensors(*model.network);
  begin_compute(device);
  const CudnnBenchmark benchmark;
  Recipe resolved = recipe;
  resolved.precision = resolve_precision(recipe, model, device).precision;
  return Training(model, train, val, resolved, device, events, loss).run(from);
}

}  // namespace graft
