#include "graft/train/probe_start.h"

#include "graft/data/readable_classes.h"
#include "graft/infer/evaluate.h"
#include "graft/train/probe.h"

namespace graft {
ProbeStart start_at_probe(Model& model, const Folder& train, const Folder& val, const Recipe& recipe,
                          const torch::Device& device, const ProgressCallback& progress,
                          const WarningCallback& warning) {
  Network& network = *model.network;
  FeatureCache cache = open_feature_cache(model, recipe, warning);
  const ViewFeatures of_train =
      extract_views(model, train.samples, recipe.views, recipe, device, cache, "probe train", progress);
  ViewFeatures of_val;
  if (!val.samples.empty())
    of_val = extract_views(model, val.samples, 0, recipe, device, cache, "probe val", progress);
  save_feature_cache(cache, recipe, warning);
  require_readable(train, "training", of_train.centre.indices.size(), of_train.centre.bad);
  if (!val.samples.empty())
    require_readable(val, "validation", of_val.centre.indices.size(), of_val.centre.bad);
  ProbeStart start;
  const auto task = make_task(model.task);
  const torch::Tensor train_targets = task->target_table(train), val_targets = task->target_table(val);
  start.fit = fit_head(network, *task, train_targets, of_train, recipe.seed,
                       recipe.extend_head ? FitPrior::head : FitPrior::zero);
  const Evaluation on_train = evaluate_features(network, *task, of_train.centre, device, train_targets);
  if (!val.samples.empty())
    start.on_val = evaluate_features(network, *task, of_val.centre, device, val_targets);
  start.record.probe = true;
  start.record.train_loss = mean_loss(on_train.outcomes);
  start.record.train = {{task->train_metric(), *value_of(task->metrics(on_train), task->train_metric())}};
  start.record.images = static_cast<std::int64_t>(on_train.outcomes.size());
  start.skipped = static_cast<std::int64_t>(on_train.bad.size() + start.on_val.bad.size());
  return start;
}

}  // namespace graft
