// graft train DATA: a folder of pictures → a run folder with a model.
#include "cli/bind_options.h"
#include "cli/verbs.h"
#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/shell_word.h"
#include "graft/core/stop_signal.h"
#include "graft/session/result_texts.h"

namespace graft::cli {
namespace {

struct TrainArguments {
  std::string data, out, resume, from;
  ConfigOption config;
  bool overwrite = false;
  GivenOptions given;
};

// With the place of pictures that were moved since the run was created.
std::string resume_command(const RunFolder& folder, const TrainArguments& arguments) {
  const std::string moved =
      arguments.resume.empty() || arguments.data.empty() ? "" : shell_word(arguments.data) + " ";
  return "graft train " + moved + "--resume " + shell_word(folder.path().string());
}

// After a signal: what is kept, and how to continue.
void say_stopped(const RunFolder& folder, const TrainArguments& arguments, Console& console) {
  const std::string way = resume_command(folder, arguments);
  console.warn(disk().info(folder.checkpoint()) || disk().info(folder.folds()) ||
                       disk().info(folder.candidates())
                   ? "stopped; all is kept; continue with: " + way
                   : "stopped before anything was kept; begin again with: " + way);
  console.exit_code = 128 + StopSignal::received();
}

Run open_run(const TrainArguments& arguments, const RunObserver& observer) {
  if (!arguments.resume.empty())
    return Run::resume(arguments.resume, {arguments.data, {}, {}, arguments.given}, observer);
  if (arguments.data.empty()) throw CLI::RequiredError("DATA, or --resume RUN,");
  const auto create = [&](const AskedOptions& asked) {
    return Run::create(
        arguments.out,
        {arguments.data, asked.recipe, asked.chosen, {}, {}, arguments.overwrite, arguments.from}, observer);
  };
  return with_options_file(arguments.config.file, arguments.config.elsewhere, arguments.given, create);
}

// Whether the run that is to be resumed is complete, so that nothing is left to do.
bool is_complete(const TrainArguments& arguments, Console& console) {
  if (arguments.resume.empty() || !arguments.given.empty()) return false;
  const RunFolder folder(arguments.resume);
  const auto how = completion(folder);
  if (!how) return false;
  if (!arguments.data.empty()) check_data_of(folder, arguments.data);
  console.say(folder.path().string() + " is complete (" + *how + "): nothing is left to do");
  if (console.json) console.result(summary_json(folder));
  return true;
}

void train(const TrainArguments& arguments, Console& console) {
  console.outlives_output = true;
  if (is_complete(arguments, console)) return;
  const StopSignal stop;
  RunObserver observer{console.observer()};
  observer.start = [&](const RunStart& start) {
    console.say_lines(console.in_words(to_text(start, arguments.resume)));
  };
  observer.epoch_end = [&](const EpochEnd& end) { console.say_lines(to_text(end)); };
  observer.fold_end = [&](const FoldEnd& end) { console.say_lines(to_text(end)); };
  observer.candidate_end = [&](const TriedCandidate& candidate) {
    console.say_lines(console.in_words(to_text(candidate)));
  };
  // Progress is reported before each look at the token.
  std::stop_source stopped;
  observer.stop = stopped.get_token();
  observer.progress = [&](const Progress& progress) {
    console.progress(progress);
    if (StopSignal::received() != 0) stopped.request_stop();
  };
  Run run = open_run(arguments, observer);
  const TrainResult result = run.train();
  if (result.ending == Ending::stopped) return say_stopped(run.folder(), arguments, console);
  console.say_lines(to_text(result, run.folder()));
  if (result.ending == Ending::time_limit)
    console.say("continue with: " + resume_command(run.folder(), arguments) +
                " (--time-limit SECONDS sets another limit; 0: none)");
  if (console.json) console.result(summary_json(result, run.folder()));
}

}  // namespace

void add_train(CLI::App& app, Console& console) {
  auto [verb, arguments] =
      add_verb(app, console, "train", "Train a classifier on a folder of pictures", train);
  verb.add_option(
      "DATA", arguments.data,
      "folder with train/ and val/, or with a folder for each class, or a table of labels (.csv)");
  CLI::Option* out = verb.add_option("--out", arguments.out, "run folder [runs/train, runs/train2, …]");
  out->type_name("FOLDER");
  auto* overwrite = verb.add_flag("--overwrite", arguments.overwrite, "let --out replace an earlier run");
  CLI::Option* resume = verb.add_option("--resume", arguments.resume, "continue a run that was stopped");
  resume->type_name("RUN")->excludes(out, overwrite);
  verb.add_option("--from", arguments.from,
                  "run or model file to continue from, on data with its classes and new ones: its network "
                  "and weights, with --extend-head")
      ->type_name("RUN|FILE")
      ->excludes(resume);
  bind_recipe(verb, console, default_preset, arguments.given);
  verb.add_flag("--json", console.json, "print one JSON object on standard output");
  bind_config(verb, arguments.config)->excludes(resume);
}

}  // namespace graft::cli
