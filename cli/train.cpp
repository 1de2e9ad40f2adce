// graft train DATA: a folder of pictures → a run folder with a model.
#include <ATen/Parallel.h>
#include <algorithm>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "cli/config_file.h"
#include "cli/machine.h"
#include "cli/path_kind.h"
#include "cli/recipe_flags.h"
#include "cli/record.h"
#include "cli/resume.h"
#include "cli/run_place.h"
#include "cli/train_job.h"
#include "cli/verbs.h"
#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/device/device.h"
#include "graft/models/load.h"
#include "graft/train/compute.h"
#include "graft/train/idle_options.h"
#include "graft/train/trainer.h"

namespace graft::cli {
namespace {

struct Arguments {
  std::string data, out, config, resume;
  bool overwrite = false;
  GivenOptions given;
};

// A preset's recipe, over it what the file of options says, over that the command line.
Recipe asked_recipe(const GivenOptions& given, const std::string& config) {
  GivenOptions all;
  if (!config.empty()) {
    Recipe scratch;
    all = read_options(config, options_in(scratch, recipe_options));
  }
  all.insert(all.end(), given.begin(), given.end());
  return recipe_of(all, default_preset);
}

void say_data(const DataSet& data, Console& console) {
  for (const std::string& warning : data.warnings) console.warn("warning: " + warning);
  console.say("data     " + std::to_string(data.train.samples.size()) + " training and " +
              counted(data.val.samples.size(), "validation picture") +
              (data.split ? " (split off the training pictures)" : "") + ", " +
              counted(data.train.classes.size(), "class") +
              (data.train.multi_label() ? ", any number per picture: " : ": ") +
              shorten_list(data.train.classes, 10));
}

// Whose head the network has, and why not the file's.
std::string head_words(const LoadReport& report, std::size_t classes) {
  const std::string count = counted(classes, "class");
  if (!report.head_replaced) return "the file's own, " + count;
  if (report.file_classes == 0) return "new, " + count + " (the file has none that fits)";
  if (report.file_classes != static_cast<std::int64_t>(classes))
    return "new, " + count + " (the file's has " + std::to_string(report.file_classes) + ")";
  if (!report.file_class_names.empty())
    return "new, " + count + " (the file's is for " + shorten_list(report.file_class_names, 10) + ")";
  return "new, " + count + " (the file's has as many and does not name them; --head-start file keeps it)";
}

void say_network(const Recipe& recipe, const LoadedNetwork& loaded, std::size_t classes, Console& console) {
  console.say("preset   " + recipe.preset +
              (recipe.epochs > 0 ? ", " + counted(recipe.epochs, "epoch") : ""));
  console.say("model    " + recipe.model + ", weights " + loaded.weights);
  for (const std::string& note : loaded.report.notes)
    console.warn("warning: " + loaded.weights + ": " + note);
  if (loaded.weights != "none") console.say("head     " + head_words(loaded.report, classes));
  if (recipe.head_start == HeadStart::probe) {
    console.say("probe    the head by logistic regression on " + counted(1 + recipe.views, "view") +
                " of each picture");
  }
  if (!recipe.freeze || recipe.epochs == 0) return;
  console.say(
      recipe.frozen_bn == FrozenBn::eval
          ? "frozen   all but the head; batch norm held (--frozen-bn eval)"
          : "frozen   all but the head; batch norm statistics move, as in the tutorial (--frozen-bn update)");
}

[[noreturn]] void refuse_without_data(const Arguments& arguments) {
  std::string advice = "name the folder of pictures, or --resume RUN";
  for (const auto& [name, value] : arguments.given) {
    if (const std::string taken = taken_as_value(flag_of(name), value); !taken.empty()) advice = taken;
  }
  if (const std::string taken = taken_as_value("--out", arguments.out); !taken.empty()) advice = taken;
  throw UsageError("DATA", "is missing", advice);
}

Job new_job(const Arguments& arguments) {
  if (arguments.data.empty()) refuse_without_data(arguments);
  require_data(arguments.data);
  if (!arguments.out.empty()) check_run_place(arguments.out, arguments.overwrite);
  Job job{RunFolder(arguments.out),
          {arguments.given, asked_recipe(arguments.given, arguments.config), arguments.data, "", "", "", 0},
          {},
          std::nullopt,
          std::nullopt};
  check_recipe(job.run.recipe);
  find_model(job.run.recipe.model);
  refuse_idle_options(job.run.recipe, names_of(arguments.given));
  select_device(job.run.recipe.device);
  job.data = open_data_set(arguments.data, job.run.recipe.data);
  refuse_idle_options(job.run.recipe, names_of(arguments.given), &job.data);
  if (disk().info(arguments.data)->kind == FileKind::directory)
    check_outside_classes(arguments.out, job.data);
  return job;
}

Job resumed_job(const Arguments& arguments) {
  for (const auto& [name, value] :
       {std::pair("--out", arguments.out), std::pair("--config", arguments.config)}) {
    if (!value.empty()) throw UsageError(name, "does not go with --resume: the run has its own");
  }
  Job job{RunFolder(arguments.resume), {}, {}, std::nullopt, std::nullopt};
  job.run = recorded_run(job.folder, arguments.given, arguments.data);
  job.lock.emplace(job.folder);
  if (how_it_was_completed(job.folder))
    throw Error(job.folder.path().string(), "was completed by another process just now");
  job.data = open_data_set(job.run.data, job.run.recipe.data);
  // Stopped before anything was kept, it begins anew, with its own options.
  if (disk().info(job.folder.checkpoint())) {
    job.from = open_checkpoint(job.folder, job.data);
  } else {
    check_recorded_data(job.folder, job.data);
  }
  return job;
}

// The network with the weights that the training begins from; those of a checkpoint come later.
LoadedNetwork network_of(const Job& job, const ModelSpec& spec, Console& console) {
  const Recipe& recipe = job.run.recipe;
  torch::manual_seed(recipe.seed);
  const auto progress = [&](const Progress& p) { console.progress(p); };
  const auto& classes = job.data.train.classes;
  if (job.from) return build_with_weights(spec, static_cast<std::int64_t>(classes.size()), "none", progress);
  return build_for_classes(spec, classes, recipe.head_start == HeadStart::file, recipe.weights, progress);
}

void say_resumed(const Job& job, Console& console) {
  const Checkpoint& from = job.from->checkpoint;
  const bool probed = find_probe(from.history) != nullptr;
  const int epochs = count_epochs(from.history);
  std::string done = probed ? "the probe" : "";
  if (epochs > 0 || !probed) done += (probed ? " and " : "") + counted(epochs, "epoch");
  if (from.step > 0)
    done += ", and " + counted(from.step, "batch") + " of epoch " + std::to_string(from.epoch + 1);
  console.say("resume   " + job.folder.path().string() + ", after " + done);
}

int train(Job& job, bool overwrite, Console& console) {
  Recipe& recipe = job.run.recipe;
  const ModelSpec& spec = find_model(recipe.model);
  use_threads(recipe.threads, console);
  const torch::Device device = select_device(recipe.device);
  for (const std::string& doubt : doubtful_options(recipe, names_of(job.run.given)))
    console.warn("warning: " + doubt);
  say_data(job.data, console);
  LoadedNetwork loaded = network_of(job, spec, console);
  loaded.network->to(device);
  job.run.device = describe_device(device);
  if (!job.from) job.run.weights = loaded.weights;
  job.run.threads = at::get_num_threads();
  for (const torch::Tensor& parameter : loaded.network->parameters()) job.run.parameters += parameter.numel();
  job.run.input = spec.preprocess.crop;
  job.from ? say_resumed(job, console) : say_network(recipe, loaded, job.data.train.classes.size(), console);
  const PrecisionChoice precision = resolve_precision(recipe, *loaded.network, device);
  recipe.precision = precision.precision;
  console.say("device   " + job.run.device);
  job.run.precision = (precision.precision == Precision::bf16 ? "bf16 (" : "fp32 (") + precision.reason + ")";
  console.say("compute  " + job.run.precision);
  console.say("");

  Model model{spec.name, job.data.train.classes, preprocess_of(recipe, spec.preprocess), {}, loaded.network};
  model.multi_label = job.data.train.multi_label();
  if (!job.lock) {  // a new run: its folder is taken when nothing is left that could keep it from beginning
    RunPlace place = take_run_place(job.folder.path(), overwrite);
    job.folder = place.folder;
    job.lock.emplace(std::move(place.lock));
  }
  return run_job(job, model, device, console);
}

int run(const Arguments& arguments, Console& console) {
  console.outlives_output = true;
  if (!arguments.resume.empty()) {
    if (arguments.overwrite)
      throw UsageError("--overwrite", "does not go with --resume, which continues what is there",
                       "leave one of them out");
    const RunFolder folder(arguments.resume);
    if (const auto how = how_it_was_completed(folder)) {
      if (!arguments.given.empty()) {
        throw UsageError(flag_of(arguments.given.front().first),
                         folder.path().string() + " is complete: it takes no options",
                         way_to_a_new_run(folder));
      }
      console.say(folder.path().string() + " is complete (" + *how + "): there is nothing to go on with");
      if (console.json) console.result_json(read_json_object(folder.summary()));
      return 0;
    }
  }
  Job job = arguments.resume.empty() ? new_job(arguments) : resumed_job(arguments);
  if (!arguments.resume.empty() && !job.from)
    console.say("resume   " + job.folder.path().string() + ", from the beginning: nothing had been kept");
  return train(job, arguments.overwrite, console);
}

}  // namespace

void add_train(CLI::App& app, Context& context) {
  CLI::App* verb = app.add_subcommand("train", "Train a classifier on a folder of pictures");
  const auto arguments = std::make_shared<Arguments>();
  verb->add_option(
      "DATA", arguments->data,
      "folder with train/ and val/, or with a folder for each class, or a table of labels (.csv)");
  verb->add_option("--out", arguments->out, "run folder [runs/train, runs/train2, …]")->type_name("FOLDER");
  verb->add_flag("--overwrite", arguments->overwrite, "let --out replace an earlier run");
  verb->add_option("--config", arguments->config,
                   "take options from a JSON file, such as a run's config.json; flags override it")
      ->type_name("FILE");
  verb->add_option("--resume", arguments->resume, "go on with a run that was stopped")->type_name("RUN");
  bind_recipe(*verb, default_preset, arguments->given);
  verb->add_flag("--json", context.console.json, "print one JSON object on standard output");
  verb->callback([arguments, &context] { context.exit_code = run(*arguments, context.console); });
}

}  // namespace graft::cli
