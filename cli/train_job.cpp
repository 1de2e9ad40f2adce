#include "cli/train_job.h"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/run_files.h"
#include "cli/stop_signal.h"
#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/device/engine_error.h"
#include "graft/train/trainer.h"

namespace graft::cli {
namespace {

constexpr const char* rule = "----------";

std::string format(const char* pattern, double a, double b = 0) {
  char text[128];
  std::snprintf(text, sizeof text, pattern, a, b);
  return text;
}

std::string val_figures(const EpochRecord& r) {
  return format("val Loss: %.4f Acc: %.4f", r.val_loss, r.val_acc) +
         (r.val_map ? format(" mAP: %.4f", *r.val_map) : "");
}

void say_probe(const EpochEnd& end, Console& console) {
  const EpochRecord& r = end.record;
  console.say("Probe");
  console.say(rule);
  console.say(format("train Loss: %.4f Acc: %.4f", r.train_loss, r.train_acc));
  console.say(val_figures(r));
  console.say("");
}

// The lines of the tutorial, but for the numbers of the epochs, which count from 1.
void say_epoch(const EpochEnd& end, Console& console) {
  const EpochRecord& r = end.record;
  console.say("Epoch " + std::to_string(r.epoch) + "/" + std::to_string(end.epochs));
  console.say(rule);
  console.say(format("train Loss: %.4f Acc: %.4f", r.train_loss, r.train_acc));
  console.say(val_figures(r) + (end.best ? "  (best)" : ""));
  console.say("");
}

TrainResult train_into(RunFiles& files, Job& job, Model& model, const torch::Device& device,
                       Console& console) {
  TrainEvents events;
  events.progress = [&](const Progress& progress) { console.progress(progress); };
  events.warning = [&](const std::string& warning) { console.warn("warning: " + warning); };
  events.epoch_end = [&](const EpochEnd& end) {
    files.epoch_end(end);
    end.record.probe ? say_probe(end, console) : say_epoch(end, console);
  };
  events.checkpoint = [&](const Checkpoint& checkpoint) { files.checkpoint(checkpoint); };
  const StopSignal stop;
  events.stop = [] { return StopSignal::received() != 0; };
  return train_model(model, job.data.train, job.data.val, job.run.recipe, device, events,
                     job.from ? &job.from->checkpoint : nullptr);
}

void say_result(const TrainResult& result, const RunFolder& folder, Console& console) {
  if (result.ending == Ending::patience) console.say("No better validation accuracy: ended early");
  const bool ran_out_of_time = result.ending == Ending::time_limit;
  if (ran_out_of_time)
    console.say("Time limit reached after " + counted(count_epochs(result.history), "epoch"));
  const auto seconds = static_cast<long>(result.seconds);
  console.say((ran_out_of_time ? "Trained for " : "Training complete in ") + std::to_string(seconds / 60) +
              "m " + std::to_string(seconds % 60) + "s");
  const EpochRecord& best = *best_epoch(result.history);
  console.say(format("Best val Acc: %4f", best.val_acc) +
              (result.history.size() == 1
                   ? std::string()
                   : " (" + epoch_words(best) + format("; last epoch %f)", result.history.back().val_acc)));
  if (best.val_map) console.say(format("Best val mAP: %4f", *best.val_map));
  if (result.skipped_steps > 0)
    console.warn("warning: skipped " + counted(result.skipped_steps, "step") +
                 " whose loss or gradient was not finite (--on-nan skip)");
  if (result.skipped > 0)
    console.warn("warning: skipped " + counted(result.skipped, "picture") + " that could not be read");
  console.say("run      " + folder.path().string() + ": " + folder.model().filename().string() + ", " +
              folder.report().filename().string() + ", " + folder.predictions_picture().filename().string());
  if (ran_out_of_time)
    console.say("continue with: graft train --resume " + folder.path().string() +
                " (--time-limit SECONDS sets another limit; 0: none)");
}

// Stopped by a signal: what there is, and how to go on.
int say_stopped(const RunFolder& folder, Console& console) {
  if (disk().info(folder.checkpoint())) {
    console.warn("stopped; all is kept; go on with: graft train --resume " + folder.path().string());
  } else {
    console.warn("stopped before anything was kept; begin again with: graft train --resume " +
                 folder.path().string());
  }
  return 128 + StopSignal::received();
}

// Memory and threads can be there the next time, or be asked for less: the run need not begin again.
TrainResult train_or_say_what_is_kept(RunFiles& files, Job& job, Model& model, const torch::Device& device,
                                      Console& console) {
  try {
    return train_into(files, job, model, device, console);
  } catch (const EngineError& error) {
    const std::string& advice = error.advice();
    if (!disk().info(job.folder.checkpoint())) throw;
    throw EngineError(error.where(), error.problem(),
                      advice + (advice.empty() ? "" : "; ") +
                          "the epochs before are kept: go on with graft train --resume " +
                          job.folder.path().string() + " (--workers, --prefetch and --cache may be others)");
  }
}

}  // namespace

int run_job(Job& job, Model& model, const torch::Device& device, Console& console) {
  RunFiles files(job.folder, job.run, job.data, model, console);
  job.from ? files.begin(job.from->checkpoint) : files.begin();
  const TrainResult result = train_or_say_what_is_kept(files, job, model, device, console);
  if (result.ending == Ending::stopped) return say_stopped(job.folder, console);
  files.finish(result, device);
  say_result(result, job.folder, console);
  if (console.json) console.result_json(summary_of(result, job.folder));
  return 0;
}

}  // namespace graft::cli
