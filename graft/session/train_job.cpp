#include "graft/session/train_job.h"

#include <algorithm>
#include <utility>

#include "graft/core/files.h"
#include "graft/core/shell_word.h"
#include "graft/core/text.h"
#include "graft/data/readable_classes.h"
#include "graft/device/engine_error.h"
#include "graft/infer/evaluate.h"
#include "graft/infer/inference_model.h"
#include "graft/session/finish_model.h"
#include "graft/session/folds.h"
#include "graft/session/run_files.h"
#include "graft/task/task.h"
#include "graft/train/trainer.h"

namespace graft {
namespace {

TrainEvents events_of(const RunObserver& observer, RunFiles& files) {
  TrainEvents events;
  events.progress = observer.progress;
  events.warning = observer.warning;
  events.stop = observer.stop;
  events.step_end = observer.step_end;
  events.epoch_end = [&](const EpochEnd& end) {
    files.epoch_end(end);
    if (observer.epoch_end) observer.epoch_end(end);
  };
  events.checkpoint = [&](const Checkpoint& checkpoint) { files.checkpoint(checkpoint); };
  return events;
}

// Memory and threads may be available later, or the run may need less, so it can be resumed.
[[noreturn]] void rethrow_with_what_is_kept(const EngineError& error, const RunFolder& folder) {
  const std::string& advice = error.advice();
  throw EngineError(
      error.where(), error.problem(),
      advice + (advice.empty() ? "" : "; ") + "completed epochs are kept: continue with `resume` " +
          shell_word(folder.path().string()) + " (`workers`, `prefetch` and `cache` may be changed)");
}

// Of the kept weights on the test pictures. Whatever is wrong with these does not cost the training.
Evaluation test_results(const TrainJob& job, const Model& model, const torch::Device& device,
                        const RunObserver& observer) {
  const Folder& test = job.data.test;
  // The models of the folds of a run are not measured on them, only the final one.
  if (test.samples.empty() || is_fold_of_run(job.folder)) return {};
  const Recipe& recipe = job.run.recipe;
  const InferenceModel ready =
      InferenceModel::compile(model, device, Precision::fp32, recipe.loader.batch_size);
  const Loader loader(test.samples, model.preprocess, recipe.loader, val_pass(recipe));
  const auto not_measured = [&](const Error& error) {
    observer.warn(std::string("the test pictures are not measured: ") + error.what() +
                  "; then measure them with graft eval " + shell_word(job.folder.path().string()) +
                  " and `split` test");
    return Evaluation();
  };
  Evaluation result;
  try {
    result = evaluate(ready, loader, {"test", observer.progress, ready.task().target_table(test)});
  } catch (const UnreadablePicture& error) {
    return not_measured(error);
  }
  try {
    require_readable(test, "test", result.outcomes.size(), result.bad);
  } catch (const Error& error) {
    return not_measured(error);
  }
  return result;
}

// The number of outcomes of pictures that the starting weights were trained on.
std::int64_t count_seen(const Outcomes& outcomes, const std::vector<bool>& seen) {
  return std::count_if(outcomes.outcomes.begin(), outcomes.outcomes.end(),
                       [&](const Outcome& each) { return each.index < seen.size() && seen[each.index]; });
}

EvaluationRecord record_of(const TrainJob& job, const Task& task, const TrainResult& result,
                           const std::optional<FoldResults>& folds, EvaluationRecord record) {
  const MetricFunction metrics = [&](const Outcomes& outcomes) { return task.metrics(outcomes); };
  const Recipe& recipe = job.run.recipe;
  if (folds) {
    record.out_of_fold = part_record(result, metrics);
    record.folds = folds->models;
    record.num_folds = recipe.data.folds;
    record.repeats = recipe.data.repeats;
  } else if (!result.outcomes.empty()) {
    record.val = part_record(result, metrics);
    record.chosen = !keeps_last(recipe) && result.history.size() > 1;
  }
  if (!result.test.outcomes.empty()) record.test = part_record(result.test, metrics);
  for (auto* part : {&record.val, &record.out_of_fold}) {
    if (*part) (*part)->seen_before = count_seen(result, job.seen);
  }
  if (record.test) record.test->seen_before = count_seen(result.test, job.seen_test);
  return record;
}

}  // namespace

TrainResult stopped_result() {
  TrainResult result;
  result.ending = Ending::stopped;
  return result;
}

void begin_search(const TrainJob& job) {
  if (job.lock) job.lock->check();
  if (job.is_continued) return job.folder.remove_temporaries();
  remove_folds(job.folder);
  job.folder.begin(config_json(job.run, job.data));
}

TrainResult train(TrainJob& job, Model& model, const torch::Device& device, const RunObserver& observer,
                  double seconds) {
  check_calibration(job.run.recipe.trust, *model.network);
  RunFiles files(job.folder, job.lock, job.run, job.data, model, observer);
  const Checkpoint* from = job.from ? &job.from->checkpoint : nullptr;
  if (!job.is_continued) remove_folds(job.folder);
  from != nullptr ? files.begin(*from) : files.begin();
  Recipe recipe = job.run.recipe;
  const auto task = make_task(model.task);
  std::optional<FoldResults> folds;
  if (trains_folds(recipe)) {
    folds = train_folds(job, *task, observer);
    if (!folds) return stopped_result();
    torch::manual_seed(recipe.seed);  // the folds, which may be of an earlier session, change nothing
    if (recipe.time_limit > 0) recipe.time_limit = std::max(1e-3, recipe.time_limit - folds->seconds);
  }
  if (recipe.time_limit > 0) recipe.time_limit = std::max(1e-3, recipe.time_limit - seconds);
  recipe.precision = job.precision.value_or(recipe.precision);
  TrainResult result;
  try {
    result = train_model(model, job.data.train, job.data.val, recipe, device, events_of(observer, files),
                         from, job.own, single_process(), job.teacher.get());
  } catch (const EngineError& error) {
    if (!disk().info(job.folder.checkpoint())) throw;
    rethrow_with_what_is_kept(error, job.folder);
  }
  files.check_place();
  if (result.ending == Ending::stopped) return result;
  if (folds) {
    static_cast<Outcomes&>(result) = std::move(folds->out_of_fold);
    result.seconds += folds->seconds;
  }
  result.seconds += seconds;
  EvaluationRecord learned = finish_model(job, model, device, result, observer);
  files.save_kept(result.best(), learned);
  Evaluation test = test_results(job, model, device, observer);
  result.skipped += static_cast<std::int64_t>(test.bad.size());
  result.test = std::move(static_cast<Outcomes&>(test));
  result.evaluation = record_of(job, *task, result, folds, std::move(learned));
  files.finish(result, device);
  if (result.skipped_steps > 0)
    observer.warn("skipped " + counted(result.skipped_steps, "step") +
                  " whose loss or gradient was not finite (`on_nan` skip)");
  if (result.skipped > 0) observer.warn(skipped_words(result.skipped));
  return result;
}

}  // namespace graft
