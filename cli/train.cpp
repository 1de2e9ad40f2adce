// graft train DATA: a folder of pictures → a run folder with a model.
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "cli/bind_options.h"
#include "cli/command_line.h"
#include "cli/process.h"
#include "cli/verbs.h"
#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/metrics/number_text.h"
#include "graft/run/options_file.h"
#include "graft/session/run.h"
#include "graft/metrics/outcomes.h"

namespace graft::cli {
namespace {

constexpr const char* rule = "----------";

struct Arguments {
  std::string data, out, resume;
  ConfigOption config;
  bool overwrite = false;
  GivenOptions given;
};

// " Acc: 0.9123 mAP: …"
std::string metrics_words(const MetricValues& values) {
  std::string words;
  for (const MetricValue& each : values) {
    const Metric& metric = find_metric(each.key);
    if (metric.headline)
      words += std::string(" ") + metric.short_name + ": " + metric_text(metric, each.value);
  }
  return words;
}

void say_data(const RunStart& start, Console& console) {
  const TrainingData& data = start.data;
  console.say("data     " + std::to_string(data.train.samples.size()) + " training and " +
              counted(data.val.samples.size(), "validation picture") +
              (data.split ? " (split off the training pictures)" : "") + ", " + start.labels);
}

void say_network(const RunStart& start, Console& console) {
  const Recipe& recipe = start.recipe;
  console.say("preset   " + recipe.preset +
              (recipe.epochs > 0 ? ", " + counted(recipe.epochs, "epoch") : ""));
  console.say("model    " + recipe.model + ", weights " + start.weights);
  const bool probed = recipe.head_start == HeadStart::probe;
  if (!start.head.empty() && !probed) console.say("head     " + console.in_words(start.head));
  if (probed)
    console.say("probe    the head by " + start.probe + " on " + counted(1 + recipe.views, "view") +
                " of each picture");
  if (!recipe.freeze || recipe.epochs == 0) return;
  console.say(
      recipe.frozen_bn == FrozenBn::eval
          ? "frozen   all but the head; batch norm held (--frozen-bn eval)"
          : "frozen   all but the head; batch norm statistics move, as in the tutorial (--frozen-bn update)");
}

void say_resumed(const std::string& folder, const std::optional<ResumePoint>& from, Console& console) {
  if (!from) return console.say("resume   " + folder + ", from the beginning: it has no checkpoint");
  std::string done = from->probe ? "the probe" : "";
  if (from->epochs > 0 || !from->probe) done += (from->probe ? " and " : "") + counted(from->epochs, "epoch");
  if (from->step > 0)
    done += ", and " + counted(from->step, "batch") + " of epoch " + std::to_string(from->epochs + 1);
  console.say("resume   " + folder + ", after " + done);
}

void say_start(const RunStart& start, const std::string& resumed, Console& console) {
  if (!resumed.empty() && !start.resumed) say_resumed(resumed, {}, console);
  say_data(start, console);
  start.resumed ? say_resumed(resumed, start.resumed, console) : say_network(start, console);
  console.say("device   " + start.device);
  console.say("compute  " + start.precision);
  console.say("");
}

// The lines of the tutorial, but for the numbers of the epochs, which count from 1.
void say_epoch(const EpochEnd& end, Console& console) {
  const EpochRecord& r = end.record;
  console.say(r.probe ? "Probe" : "Epoch " + std::to_string(r.epoch) + "/" + std::to_string(end.epochs));
  console.say(rule);
  console.say(format("train Loss: %.4f", r.train_loss) + metrics_words(r.train));
  console.say(format("val Loss: %.4f", r.val_loss) + metrics_words(r.val) +
              (end.best && end.epochs > 0 ? "  (best)" : ""));
  console.say("");
}

void say_result(const TrainResult& result, const RunFolder& folder, Console& console) {
  if (result.ending == Ending::patience)
    console.say("No better " + std::string(find_metric(result.history.back().val.front().key).name) +
                " on the validation pictures: ended early");
  const bool ran_out_of_time = result.ending == Ending::time_limit;
  if (ran_out_of_time)
    console.say("Time limit reached after " + counted(count_epochs(result.history), "epoch"));
  const auto seconds = static_cast<long>(result.seconds);
  console.say((ran_out_of_time ? "Trained for " : "Training complete in ") + std::to_string(seconds / 60) +
              "m " + std::to_string(seconds % 60) + "s");
  const EpochRecord& best = *best_epoch(result.history);
  const MetricValue& primary = best.val.front();
  const std::string name = std::string("Best val ") + find_metric(primary.key).short_name;
  const auto text = [&](double value) {
    return find_metric(primary.key).unit == MetricUnit::share ? format("%f", value) : number_text(value);
  };
  console.say(name + ": " + text(primary.value) +
              (result.history.size() == 1 ? std::string()
                                          : " (" + epoch_words(best) + "; last epoch " +
                                                text(result.history.back().val.front().value) + ")"));
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

// Stopped by a signal: what there is, and how to continue.
void say_stopped(const RunFolder& folder, Console& console) {
  const std::string way = "graft train --resume " + folder.path().string();
  console.warn(disk().info(folder.checkpoint())
                   ? "stopped; all is kept; continue with: " + way
                   : "stopped before anything was kept; begin again with: " + way);
  console.exit_code = 128 + StopSignal::received();
}

[[noreturn]] void refuse_without_data(const Arguments& arguments) {
  std::string advice = "name the folder of pictures, or --resume RUN";
  for (const auto& [name, value] : arguments.given) {
    if (const std::string taken = taken_as_value(flag_of(name), value); !taken.empty()) advice = taken;
  }
  if (const std::string taken = taken_as_value("--out", arguments.out); !taken.empty()) advice = taken;
  throw UsageError("DATA", "is missing", advice);
}

Run open_run(const Arguments& arguments, const RunObserver& observer) {
  if (arguments.resume.empty()) {
    if (arguments.data.empty()) refuse_without_data(arguments);
    if (arguments.out == "-")
      throw UsageError("--out", "a run is a folder, and cannot go to standard output", "name a folder");
    return with_config(arguments.config, arguments.given, [&](const AskedOptions& asked) {
      return Run::create(arguments.out,
                         {arguments.data, asked.recipe, asked.chosen, {}, {}, arguments.overwrite}, observer);
    });
  }
  return Run::resume(arguments.resume, {arguments.data, {}, {}, arguments.given}, observer);
}

void refuse_beside_resume(const Arguments& arguments) {
  if (arguments.resume.empty()) return;
  if (arguments.overwrite)
    throw UsageError("--overwrite", "does not go with --resume, which continues what is there",
                     "leave one of them out");
  for (const auto& [name, value] :
       {std::pair("--out", arguments.out), std::pair("--config", arguments.config.file)}) {
    if (!value.empty()) throw UsageError(name, "does not go with --resume: the run has its own");
  }
}

// Whether the run that is to be resumed is complete: then nothing is left to do.
bool is_complete(const Arguments& arguments, Console& console) {
  if (arguments.resume.empty()) return false;
  const RunFolder folder(arguments.resume);
  const auto how = completion(folder);
  if (!how) return false;
  if (!arguments.given.empty())
    throw UsageError(flag_of(arguments.given.front().first),
                     folder.path().string() + " is complete: it takes no options",
                     "start a new run from its model: graft train DATA --weights " + folder.model().string());
  console.say(folder.path().string() + " is complete (" + *how + "): nothing is left to do");
  if (console.json) console.result_json(read_json_object(folder.summary()));
  return true;
}

void train(const Arguments& arguments, Console& console) {
  console.outlives_output = true;
  refuse_beside_resume(arguments);
  if (is_complete(arguments, console)) return;
  console.words = negative_flags(arguments.given);
  const StopSignal stop;
  RunObserver observer{console.observer()};
  observer.start = [&](const RunStart& start) { say_start(start, arguments.resume, console); };
  observer.epoch_end = [&](const EpochEnd& end) { say_epoch(end, console); };
  // Progress is reported before each look at the token.
  std::stop_source stopped;
  observer.stop = stopped.get_token();
  observer.progress = [&](const Progress& progress) {
    console.progress(progress);
    if (StopSignal::received() != 0) stopped.request_stop();
  };
  Run run = open_run(arguments, observer);
  const TrainResult result = run.train();
  if (result.ending == Ending::stopped) return say_stopped(run.folder(), console);
  say_result(result, run.folder(), console);
  if (console.json) console.result(summary_json(result, run.folder()));
}

}  // namespace

void add_train(CLI::App& app, Console& console) {
  auto [verb, arguments] =
      add_verb(app, console, "train", "Train a classifier on a folder of pictures", train);
  verb.add_option(
      "DATA", arguments.data,
      "folder with train/ and val/, or with a folder for each class, or a table of labels (.csv)");
  verb.add_option("--out", arguments.out, "run folder [runs/train, runs/train2, …]")->type_name("FOLDER");
  verb.add_flag("--overwrite", arguments.overwrite, "let --out replace an earlier run");
  verb.add_option("--resume", arguments.resume, "continue a run that was stopped")->type_name("RUN");
  bind_recipe(verb, default_preset, arguments.given);
  verb.add_flag("--json", console.json, "print one JSON object on standard output");
  bind_config(verb, arguments.config);
}

}  // namespace graft::cli
