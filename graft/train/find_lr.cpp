#include "graft/train/find_lr.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <set>

#include "graft/core/error.h"
#include "graft/data/decoded_cache.h"
#include "graft/data/loader.h"
#include "graft/data/readable_classes.h"
#include "graft/device/device.h"
#include "graft/device/engine_error.h"
#include "graft/infer/tensor_source.h"
#include "graft/models/finite.h"
#include "graft/train/compute.h"
#include "graft/train/probe.h"
#include "graft/train/train_step.h"

namespace graft {
namespace {

// Batches of one epoch after another.
class Batches {
 public:
  Batches(const TensorSource& source, const Folder& train) : source_(source), train_(train) {}

  TensorBatch next() {
    for (;;) {
      if (!stream_) {
        stream_ = source_.epoch(static_cast<std::uint64_t>(epoch_++));
        read_ = 0;
      }
      if (auto batch = stream_->next()) {
        read_ += static_cast<std::size_t>(batch->count());
        return *batch;
      }
      require_readable(train_, "training", read_, stream_->bad());
      note_skipped();
      stream_.reset();
    }
  }

  // The number of pictures that could not be read until now.
  std::int64_t skipped() {
    note_skipped();
    return static_cast<std::int64_t>(skipped_.size());
  }

 private:
  void note_skipped() {
    if (!stream_) return;
    for (const BadImage& bad : stream_->bad()) skipped_.insert(bad.path);
  }

  const TensorSource& source_;
  const Folder& train_;
  std::unique_ptr<TensorStream> stream_;
  std::set<std::string> skipped_;  // paths
  int epoch_ = 0;
  std::size_t read_ = 0;  // of the epoch
};

// Sets the head to the start of a training run.
void start_at_probe(Model& model, const Folder& train, const Recipe& recipe, const torch::Device& device,
                    const ProgressCallback& progress, const WarningCallback& warning) {
  FeatureCache cache = open_feature_cache(model, recipe, warning);
  const ViewFeatures features =
      extract_views(model, train.samples, recipe.views, recipe, device, cache, "probe train", progress);
  save_feature_cache(cache, recipe, warning);
  require_readable(train, "training", features.centre.indices.size(), features.centre.bad);
  const auto task = make_task(model.task);
  fit_head(*model.network, *task, task->target_table(train), features, recipe.seed,
           recipe.extend_head ? FitPrior::head : FitPrior::zero);
}

std::vector<LrPoint> run(Model& model, const Folder& train, const Recipe& asked, const torch::Device& device,
                         const FindLrOptions& options, const ProgressCallback& progress,
                         const WarningCallback& warning) {
  Recipe recipe = asked;
  recipe.precision = resolve_precision(recipe, model, device).precision;
  recipe.on_nan = OnNan::stop;
  if (recipe.head_start == HeadStart::probe) start_at_probe(model, train, recipe, device, progress, warning);
  if (!recipe.freeze) lay_out(*model.network, recipe.layout);
  const Loader loader(train.samples, model.preprocess, recipe.loader, train_pass(recipe),
                      DecodedCache::make(recipe.cache));
  const auto source = loader_source(loader, device);
  Batches batches(*source, train);
  TrainStep train_step(*model.network, recipe, device, train);
  std::vector<LrPoint> points;
  SmoothedLoss smoothed;
  Divergence divergence(options.steps);
  for (int step = 0; step < options.steps; ++step) {
    LrPoint point;
    point.lr = options.from * std::pow(options.to / options.from, static_cast<double>(step) / options.steps);
    train_step.begin_epoch(0);  // the metrics cover one step
    train_step.step(batches.next(), {0, step, options.steps}, point.lr);
    point.loss = train_step.metrics().loss;
    point.smoothed = smoothed.add(point.loss);
    points.push_back(point);
    if (progress) {
      progress({"find-lr", static_cast<std::uint64_t>(step + 1), static_cast<std::uint64_t>(options.steps),
                "steps"});
    }
    if (divergence.add(point.smoothed)) break;
  }
  if (const std::int64_t skipped = batches.skipped(); skipped > 0 && warning) warning(skipped_words(skipped));
  return points;
}

}  // namespace

void check_find_lr(const FindLrOptions& options) {
  FindLrOptions all = options;
  for (const OptionRef& option : options_in(all, find_lr_options)) option.check();
  if (options.from >= options.to) throw UsageError("`from`", "is not below `to`");
}

std::vector<LrPoint> find_lr(Model& model, const Folder& train, const Recipe& recipe,
                             const torch::Device& device, const FindLrOptions& options,
                             const ProgressCallback& progress, const WarningCallback& warning) {
  check_find_lr(options);
  check_tensors(*model.network);
  begin_compute(device);
  return with_engine_errors("find-lr",
                            [&] { return run(model, train, recipe, device, options, progress, warning); });
}

}  // namespace graft
