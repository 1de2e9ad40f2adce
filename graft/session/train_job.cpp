#include "graft/session/train_job.h"

#include "graft/core/files.h"
#include "graft/core/shell_word.h"
#include "graft/core/text.h"
#include "graft/data/readable_classes.h"
#include "graft/device/engine_error.h"
#include "graft/session/run_files.h"
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

}  // namespace

TrainResult train(TrainJob& job, Model& model, const torch::Device& device, const RunObserver& observer) {
  RunFiles files(job.folder, job.lock, job.run, job.data, model, observer);
  const Checkpoint* from = job.from ? &job.from->checkpoint : nullptr;
  from != nullptr ? files.begin(*from) : files.begin();
  Recipe recipe = job.run.recipe;
  recipe.precision = job.precision.value_or(recipe.precision);
  TrainResult result;
  try {
    result = train_model(model, job.data.train, job.data.val, recipe, device, events_of(observer, files),
                         from, job.own);
  } catch (const EngineError& error) {
    if (!disk().info(job.folder.checkpoint())) throw;
    rethrow_with_what_is_kept(error, job.folder);
  }
  files.check_place();
  if (result.ending == Ending::stopped) return result;
  files.finish(result, device);
  if (result.skipped_steps > 0)
    observer.warn("skipped " + counted(result.skipped_steps, "step") +
                  " whose loss or gradient was not finite (`on_nan` skip)");
  if (result.skipped > 0) observer.warn(skipped_words(result.skipped));
  return result;
}

}  // namespace graft
