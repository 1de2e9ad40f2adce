// graft train DATA: a folder of pictures → a run folder with a model.
#include <ATen/Parallel.h>
#include <algorithm>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "cli/config_file.h"
#include "cli/path_kind.h"
#include "cli/recipe_flags.h"
#include "cli/record.h"
#include "cli/resume.h"
#include "cli/train_job.h"
#include "cli/verbs.h"
#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/device/device.h"
#include "graft/models/load.h"
#include "graft/train/compute.h"
#include "graft/train/trainer.h"

namespace graft::cli {
namespace {

struct Arguments {
  std::string data, out, config, resume;
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
              std::to_string(data.val.samples.size()) + " validation pictures" +
              (data.split ? " (split off the training folder)" : "") + ", " +
              std::to_string(data.train.classes.size()) +
              (data.train.multi_label() ? " classes, any number a picture: " : " classes: ") +
              shorten_list(data.train.classes, 10));
}

void say_network(const Recipe& recipe, const LoadedNetwork& loaded, std::size_t classes, Console& console) {
  console.say("preset   " + recipe.preset +
              (recipe.epochs > 0 ? ", " + std::to_string(recipe.epochs) + " epochs" : ""));
  console.say("model    " + recipe.model + ", weights " + loaded.weights);
  if (loaded.report.head_replaced) {
    console.say("head     new, " + std::to_string(classes) + " classes (the file's has " +
                std::to_string(loaded.report.file_classes) + ")");
  } else if (loaded.report.file_classes > 0) {
    console.say("head     the file's own, " + std::to_string(classes) + " classes");
  }
  if (recipe.head_start == HeadStart::probe) {
    console.say("probe    the head by logistic regression on " + std::to_string(1 + recipe.views) +
                (recipe.views > 0 ? " views" : " view") + " of each picture");
  }
  if (!recipe.freeze || recipe.epochs == 0) return;
  console.say(
      recipe.frozen_bn == FrozenBn::eval
          ? "frozen   all but the head; batch norm held (--frozen-bn eval)"
          : "frozen   all but the head; batch norm statistics move, as in the tutorial (--frozen-bn update)");
}

// The next look at the data would take a run among the class folders for a class.
void check_out(const RunFolder& folder, const DataSet& data) {
  const auto whole = [](const std::filesystem::path& path) {
    return (std::filesystem::weakly_canonical(path) / "").lexically_normal().string();
  };
  for (const Folder* part : {&data.train, &data.val}) {
    if (!whole(folder.path()).starts_with(whole(part->root))) continue;
    throw UsageError("--out",
                     folder.path().string() + " lies among the class folders, and would be taken for one",
                     "choose a place outside " + part->root.string());
  }
}

Job new_job(const Arguments& arguments) {
  if (arguments.data.empty())
    throw UsageError("DATA", "is missing", "name the folder of pictures, or --resume RUN");
  require_data(arguments.data);
  Job job{RunFolder(arguments.out.empty() ? next_run_folder("runs", "train")
                                          : std::filesystem::path(arguments.out)),
          {arguments.given, asked_recipe(arguments.given, arguments.config), arguments.data, "", "", "", 0},
          {},
          std::nullopt};
  check_recipe(job.run.recipe);
  find_model(job.run.recipe.model);
  select_device(job.run.recipe.device);
  job.data = open_data_set(arguments.data, job.run.recipe.data);
  if (disk().info(arguments.data)->kind == FileKind::directory) check_out(job.folder, job.data);
  return job;
}

Job resumed_job(const Arguments& arguments) {
  for (const auto& [name, value] :
       {std::pair("--out", arguments.out), std::pair("--config", arguments.config)}) {
    if (!value.empty()) throw UsageError(name, "does not go with --resume: the run has its own");
  }
  Job job{RunFolder(arguments.resume), {}, {}, std::nullopt};
  job.run = recorded_run(job.folder, arguments.given, arguments.data);
  job.data = open_data_set(job.run.data, job.run.recipe.data);
  // Stopped before anything was kept, it begins anew, with its own options.
  if (disk().info(job.folder.checkpoint())) job.from = open_checkpoint(job.folder, job.data);
  return job;
}

// The network with the weights that the training begins from; those of a checkpoint come later.
LoadedNetwork network_of(const Job& job, const ModelSpec& spec, Console& console) {
  const Recipe& recipe = job.run.recipe;
  torch::manual_seed(recipe.seed);
  const auto progress = [&](const Progress& p) { console.progress(p); };
  return build_with_weights(spec, static_cast<std::int64_t>(job.data.train.classes.size()),
                            job.from ? "none" : recipe.weights, progress);
}

void say_resumed(const Job& job, Console& console) {
  const Checkpoint& from = job.from->checkpoint;
  console.say("resume   " + job.folder.path().string() + ", after " + std::to_string(from.history.size()) +
              " epochs" + (from.step > 0 ? " and " + std::to_string(from.step) + " batches" : ""));
}

int train(Job& job, Console& console) {
  Recipe& recipe = job.run.recipe;
  const ModelSpec& spec = find_model(recipe.model);
  set_compute_threads(recipe.threads);
  const torch::Device device = select_device(recipe.device);
  say_data(job.data, console);
  LoadedNetwork loaded = network_of(job, spec, console);
  loaded.network->to(device);
  job.run.device = describe_device(device);
  if (!job.from) job.run.weights = loaded.weights;
  job.run.threads = at::get_num_threads();
  job.from ? say_resumed(job, console) : say_network(recipe, loaded, job.data.train.classes.size(), console);
  const PrecisionChoice precision = resolve_precision(recipe, *loaded.network, device);
  recipe.precision = precision.precision;
  console.say("device   " + job.run.device);
  job.run.precision = (precision.precision == Precision::bf16 ? "bf16 (" : "fp32 (") + precision.reason + ")";
  console.say("compute  " + job.run.precision + "\n");

  Model model{spec.name, job.data.train.classes, spec.preprocess, {}, loaded.network};
  model.preprocess.fit = recipe.fit;
  model.multi_label = job.data.train.multi_label();
  return run_job(job, model, device, console);
}

int run(const Arguments& arguments, Console& console) {
  if (!arguments.resume.empty()) {
    const RunFolder folder(arguments.resume);
    if (const auto how = how_it_was_completed(folder)) {
      console.say(folder.path().string() + " is complete (" + *how + "): there is nothing to go on with");
      if (console.json) console.result_json(read_json_object(folder.summary()));
      return 0;
    }
  }
  Job job = arguments.resume.empty() ? new_job(arguments) : resumed_job(arguments);
  if (!arguments.resume.empty() && !job.from)
    console.say("resume   " + job.folder.path().string() + ", from the beginning: nothing had been kept");
  return train(job, console);
}

}  // namespace

void add_train(CLI::App& app, Context& context) {
  CLI::App* verb = app.add_subcommand("train", "Train a classifier on a folder of pictures");
  const auto arguments = std::make_shared<Arguments>();
  verb->add_option(
      "DATA", arguments->data,
      "folder with train/ and val/, or with a folder for each class, or a table of labels (.csv)");
  verb->add_option("--out", arguments->out, "run folder [runs/train, runs/train2, …]")->type_name("FOLDER");
  verb->add_option("--config", arguments->config,
                   "take options from a JSON file, such as a run's config.json; flags override it")
      ->type_name("FILE");
  verb->add_option("--resume", arguments->resume, "go on with a run that was stopped")->type_name("RUN");
  bind_recipe(*verb, default_preset, arguments->given);
  verb->add_flag("--json", context.console.json, "print one JSON object on standard output");
  verb->callback([arguments, &context] { context.exit_code = run(*arguments, context.console); });
}

}  // namespace graft::cli
