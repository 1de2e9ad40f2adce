#include "graft/train/trainer.h"

#include <array>
#include <cstdio>
#include <limits>
#include <optional>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/stopwatch.h"
#include "graft/data/readable_classes.h"
#include "graft/device/cudnn_benchmark.h"
#include "graft/device/device.h"
#include "graft/device/engine_error.h"
#include "graft/device/random_state.h"
#include "graft/infer/inference_model.h"
#include "graft/models/finite.h"
#include "graft/train/best_weights.h"
#include "graft/train/compute.h"
#include "graft/train/distill.h"
#include "graft/train/divergence.h"
#include "graft/train/epoch_average.h"
#include "graft/train/gather.h"
#include "graft/train/probe_start.h"
#include "graft/train/schedule.h"
#include "graft/train/sources.h"
#include "graft/train/stopping.h"
#include "graft/train/train_step.h"
#include "graft/train/validator.h"

namespace graft {
namespace {

// Unwinds the current phase when training is stopped.
struct Stopped {};

// The loop over epochs and batches, and its state.
class Training {
 public:
  Training(Model& model, const Folder& train, const Folder& val, const Recipe& recipe, torch::Device device,
           const TrainEvents& events, const OwnParts& own, GradientSync& sync, const Distiller* teacher)
      : model_(model),
        network_(*model.network),
        train_(train),
        val_(val),
        recipe_(recipe),
        device_(device),
        task_(make_task(model.task)),
        events_(events),
        own_(own),
        sync_(sync),
        teacher_(teacher),
        loaders_(train, val, model.preprocess, recipe, sync.rank(), sync.world_size(),
                 teacher != nullptr ? teacher->unlabelled() : std::vector<Sample>()),
        validator_(model, val, recipe, device, sync),
        divergence_(recipe, loaders_.train.batches(), result_.history,
                    own.loss != nullptr || own.batch_transform != nullptr),
        patience_(recipe.patience),
        time_limit_(recipe.time_limit) {}

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
      if (recipe_.head_start == HeadStart::probe && result_.history.empty())
        conclude(probe(), recipe_.epochs == 0);
      if (recipe_.epochs > 0) run_epochs(from);
    } catch (const Stopped&) {
      result_.ending = Ending::stopped;
      if (train_step_) tell_checkpoint();
    }
    finish();
    return result_;
  }

  void run_epochs(const Checkpoint* from) {
    phase_ = "training";
    // Velocities and averages get the memory layout of the weights.
    if (!recipe_.freeze) lay_out(network_, recipe_.layout);
    train_step_.emplace(network_, recipe_, device_, train_, own_, sync_, teacher_);
    if (recipe_.average_epochs > 1 || recipe_.interpolate < 1)
      average_.emplace(network_, recipe_.average_epochs, recipe_.interpolate);
    if (from != nullptr) read_tensors(*from);
    // A frozen network in eval mode does not change any more.
    if (backbone_is_held(recipe_)) {
      const InferenceModel backbone =
          InferenceModel::compile(model_, device_, Precision::fp32, recipe_.loader.batch_size);
      train_step_->hold(backbone);
      validator_.hold(backbone);
    }
    sources_ = open_sources(loaders_, model_.preprocess, recipe_, device_, events_.progress);
    while (goes_on()) {
      const EpochRecord record = run_epoch();
      const SwappedWeights swapped(kept_weights());
      ++epoch_;
      step_ = 0;
      epoch_seconds_ = 0;
      conclude(record, epoch_ == recipe_.epochs);
    }
  }

  // Whether another epoch follows; else sets the reason. The time limit allows at least one epoch per
  // session.
  bool goes_on() {
    if (epoch_ >= recipe_.epochs) return false;
    if (result_.history.empty()) return true;
    const EpochRecord& last = result_.history.back();
    if (patience_.ends_after(last.epoch, result_.best_epoch)) {
      result_.ending = Ending::patience;
      return false;
    }
    const bool has_trained = epoch_ > first_epoch_;
    if (any_rank(sync_, has_trained && time_limit_.forbids(watch_.seconds(), last.seconds))) {
      result_.ending = Ending::time_limit;
      return false;
    }
    return true;
  }

  // Ends an epoch; the network has its weights. The model is reported before the checkpoint, because a run
  // that resumes from an older checkpoint repeats this epoch.
  void conclude(EpochRecord record, bool last) {
    record.replaces = keeps_last(recipe_);
    const EpochRecord* former = best_epoch(result_.history);
    const bool best = former == nullptr || record.is_better_than(*former);
    if (best) {
      const bool swapped = train_step_ && kept_weights() != nullptr;  // and swapped back
      best_weights_.keep(network_, last && !swapped);
      result_.best_epoch = record.epoch;
      static_cast<Outcomes&>(result_) = last_validation_;
    }
    result_.history.push_back(record);
    if (events_.epoch_end) events_.epoch_end({record, recipe_.epochs, best});
    if (!last && train_step_) {
      const SwappedWeights own(kept_weights());  // swaps the network's own weights back
      tell_checkpoint();
    }
  }

  EpochRecord probe() {
    phase_ = "probe";
    const Stopwatch watch;
    ProbeStart start =
        start_at_probe(model_, train_, val_, recipe_, device_, stoppable(events_.progress), events_.warning);
    result_.probe = start.fit;
    result_.skipped = start.skipped;
    EpochRecord record = start.record;
    take_validation(start.on_val, record);
    record.seconds = watch.seconds();
    return record;
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
      if (average_) average_->end_epoch();
      const SwappedWeights swapped(kept_weights());
      divergence_.weights(epoch_, network_);
      phase_ = phase_name(record.epoch, "val");
      Evaluation val;
      if (validates()) val = validator_.run(loaders_, *sources_.val, phase_, stoppable(events_.progress));
      take_validation(val, record);
      result_.skipped = skipped_ + static_cast<std::int64_t>(val.bad.size());
    } catch (const Stopped&) {
      epoch_seconds_ = before + watch.seconds();
      throw;
    } catch (const AnswersNotFinite& error) {
      divergence_.answers(epoch_, error);
    }
    record.seconds = before + watch.seconds();
    record.val_seconds = record.seconds - *record.train_seconds;
    return record;
  }

  // Null if the network's own weights are validated and kept.
  KeptWeights* kept_weights() {
    return average_ ? static_cast<KeptWeights*>(&*average_) : train_step_->ema();
  }

  bool validates() const { return !val_.samples.empty(); }

  void take_validation(const Evaluation& val, EpochRecord& record) {
    record.val_loss = std::numeric_limits<double>::quiet_NaN();
    if (!validates()) return;
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
    // Skips the batches from before the stop.
    for (std::int64_t number = 0; number < step_; ++number) {
      if (const auto next = next_batch(*stream)) seen += next->samples;
    }
    const std::int64_t batches = sources_.train->batches();
    const std::string name = phase_ = phase_name(record.epoch, "train");
    while (const auto next = next_batch(*stream)) {
      train_step_->step(next->batch, {epoch_, step_++, batches, next->samples});
      // On the CPU with one rank the sums can be read at each step without waiting for a device.
      if (recipe_.on_nan == OnNan::stop && device_.is_cpu() && sync_.world_size() == 1)
        divergence_.losses(epoch_, train_step_->first_bad_step());
      seen += next->samples;
      if (events_.progress) {
        events_.progress({name, static_cast<std::uint64_t>(seen), sources_.train->size(), "images",
                          [&] { return loss_note(); }});
      }
      if (events_.step_end) events_.step_end({record.epoch, step_, batches, train_step_->metrics().loss});
      if (train_step_->between_steps()) check_stop();
    }
    const std::vector<BadImage> bad = gather(stream->bad(), sync_);
    require_readable(train_, "training", static_cast<std::size_t>(seen), bad);
    train_step_->end_epoch();  // validation can use the memory of the gradients
    const PhaseSums sums = train_step_->sums_over_ranks();
    divergence_.losses(epoch_, sums.first_bad_step());
    const PhaseMetrics metrics = sums.metrics();
    divergence_.steps(epoch_, metrics);
    record.train_loss = metrics.loss;
    record.train = {{task_->train_metric(), metrics.metric}};
    record.images = seen;
    skipped_ = static_cast<std::int64_t>(bad.size());
    result_.skipped_steps += metrics.skipped_steps;
  }

  struct NextBatch {
    TensorBatch batch;
    std::int64_t samples = 0;  // on all ranks
  };
  // The next batch that has a sample on any rank.
  std::optional<NextBatch> next_batch(TensorStream& stream) const {
    while (auto batch = stream.next()) {
      if (const std::int64_t samples = sum_over_ranks(sync_, batch->count()); samples > 0)
        return NextBatch{std::move(*batch), samples};
    }
    return std::nullopt;
  }

  // Puts the kept weights into the network.
  void finish() {
    best_weights_.restore(network_);
    network_.eval();
    result_.seconds += watch_.seconds();
    if (validates() && !result_.history.empty() && result_.outcomes.empty() &&
        result_.ending != Ending::stopped) {
      static_cast<Outcomes&>(result_) = validator_.run_once(loaders_, events_.progress);
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
    if (average_) checkpoint.tensors["average"] = average_->state();
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
    if (average_) {
      restore_tensors(from, "average", average_->state());
      average_->restored();
    }
    if (!from.history.empty()) {
      best_weights_.keep(network_, false);
      restore_tensors(from, "best", best_weights_.tensors());
    }
    if (const auto states = from.tensors.find("random"); states != from.tensors.end())
      set_random_state(device_, states->second);
    resumed_ = &from;
  }

  // All ranks stop after the same step.
  void check_stop() const {
    if (any_rank(sync_, events_.stop.stop_requested())) throw Stopped();
  }
  // Without synchronisation between ranks, as in validation, only a single process may stop.
  ProgressCallback stoppable(const ProgressCallback& progress) const {
    if (sync_.world_size() > 1) return progress;
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
    std::snprintf(text, sizeof text, "loss %.4f", train_step_->metrics().loss);
    return text;
  }

  Model& model_;
  Network& network_;
  const Folder &train_, &val_;
  const Recipe& recipe_;
  torch::Device device_;
  std::unique_ptr<const Task> task_;
  const TrainEvents& events_;
  const OwnParts& own_;
  GradientSync& sync_;
  const Distiller* teacher_;
  TrainLoaders loaders_;
  TrainSources sources_;
  std::optional<TrainStep> train_step_;
  std::optional<EpochAverage> average_;  // of the epochs' weights; in place of the step's own average
  Validator validator_;
  TrainResult result_;
  DivergenceCheck divergence_;  // of result_.history
  EarlyStopping patience_;
  TimeLimit time_limit_;
  BestWeights best_weights_;
  Evaluation last_validation_;
  const Checkpoint* resumed_ = nullptr;  // until its epoch has begun
  int epoch_ = 0;                        // completed epochs, without the probe
  int first_epoch_ = 0;                  // epochs completed before this session
  std::int64_t step_ = 0;                // completed batches of the current epoch
  double epoch_seconds_ = 0;             // seconds of that epoch before this session
  std::int64_t skipped_ = 0;
  std::string phase_ = "training";  // the current phase, for errors
  const Stopwatch watch_;
};

}  // namespace

const char* to_string(Ending ending) {
  static constexpr std::array names = {"finished", "patience", "time limit", "stopped"};
  return names[static_cast<std::size_t>(ending)];
}

// Checks the data for this recipe.
static void check_labels(const Model& model, const Folder& train, const Folder& val, const Recipe& recipe) {
  if (model.task != task_spec_of(train) || train.class_sets != val.class_sets || train.numbers != val.numbers)
    throw UsageError("model", "does not have the task of the data",
                     "set Model::task to task_spec_of(train), and let both parts have the same labels");
  check_sampling(recipe, train);
  if (val.samples.empty() && !keeps_last(recipe))
    throw UsageError("val", "has no samples to choose the best epoch by",
                     "add some, or set Recipe::keep to Keep::last");
}

static void check_teacher_is_given(const Recipe& recipe, const OwnParts& own, const Distiller* teacher) {
  if (recipe.distill.teacher.empty() != (teacher == nullptr))
    throw UsageError("`teacher`", "is opened by a Run only", "train with graft::Run, or leave it out");
  if (teacher != nullptr && own.batch_transform && !teacher->unlabelled().empty())
    throw UsageError("`batch_transform`", "takes labels, and `unlabelled` pictures have none",
                     "leave one of them out");
}

TrainResult train_model(Model& model, const Folder& train, const Folder& val, const Recipe& recipe,
                        const torch::Device& device, const TrainEvents& events, const Checkpoint* from,
                        const OwnParts& own, GradientSync& sync, const Distiller* teacher) {
  check_recipe(recipe);
  check_labels(model, train, val, recipe);
  check_teacher_is_given(recipe, own, teacher);
  check_tensors(*model.network);
  begin_compute(device);
  const CudnnBenchmark benchmark;
  Recipe resolved = recipe;
  resolved.precision = resolve_precision(recipe, model, device).precision;
  return Training(model, train, val, resolved, device, events, own, sync, teacher).run(from);
}

}  // namespace graft
