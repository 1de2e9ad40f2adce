// graft bench DATA: this machine's own figures.
#include <ATen/Parallel.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/machine.h"
#include "cli/memory.h"
#include "cli/path_kind.h"
#include "cli/recipe_flags.h"
#include "cli/verbs.h"
#include "graft/core/error.h"
#include "graft/core/processors.h"
#include "graft/core/stopwatch.h"
#include "graft/core/text.h"
#include "graft/device/device.h"
#include "graft/infer/evaluate.h"
#include "graft/models/load.h"
#include "graft/train/compute.h"
#include "graft/train/idle_options.h"
#include "graft/train/trainer.h"

namespace graft::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Arguments {
  std::string data;
  std::vector<std::string> rows;
  GivenOptions given;
};

// What every row is given: the data are opened once.
struct Bench {
  Recipe recipe;
  torch::Device device;
  DataSet data;
  std::string root;
  Console& console;
};

Json one_pass(double seconds, std::int64_t images) { return {{"seconds", seconds}, {"images", images}}; }

Preprocess preprocess_of(const Bench& bench) {
  return graft::preprocess_of(bench.recipe, find_model(bench.recipe.model).preprocess);
}

// Passes of the loader alone.
Json pipeline(const std::vector<Sample>& samples, const LoaderOptions& options, const Bench& bench) {
  const Loader loader(samples, preprocess_of(bench), options);
  Json epochs = Json::array();
  for (int epoch = 0; epoch < bench.recipe.epochs; ++epoch) {
    const Stopwatch watch;
    std::int64_t images = 0;
    const auto stream = loader.epoch(static_cast<std::uint64_t>(epoch));
    while (const auto batch = stream->next()) images += batch->count;
    epochs.push_back(one_pass(watch.seconds(), images));
  }
  return epochs;
}

Json bench_pipeline_train(Bench& bench) {
  return pipeline(bench.data.train.samples, train_loader_options(bench.recipe), bench);
}

Json bench_pipeline_val(Bench& bench) {
  return pipeline(bench.data.val.samples, val_loader_options(bench.recipe), bench);
}

// Listing the folders again, while the disk still knows them.
Json bench_index(Bench& bench) {
  Json epochs = Json::array();
  for (int epoch = 0; epoch < bench.recipe.epochs; ++epoch) {
    const std::uint64_t before = resident_bytes();
    const Stopwatch watch;
    const DataSet data = open_data_set(bench.root, bench.recipe.data);
    const auto images = static_cast<std::int64_t>(data.train.samples.size() + data.val.samples.size());
    epochs.push_back(one_pass(watch.seconds(), images));
    const std::uint64_t after = resident_bytes();
    epochs.back()["bytes_an_image"] = static_cast<double>(after > before ? after - before : 0) /
                                      static_cast<double>(std::max<std::int64_t>(images, 1));
  }
  return epochs;
}

LoadedNetwork network_of(const Bench& bench) {
  LoadedNetwork loaded =
      build_with_weights(find_model(bench.recipe.model),
                         static_cast<std::int64_t>(bench.data.train.classes.size()), bench.recipe.weights);
  loaded.network->to(bench.device);
  return loaded;
}

Json bench_train(Bench& bench) {
  Model model{bench.recipe.model,        bench.data.train.classes,      preprocess_of(bench), {},
              network_of(bench).network, bench.data.train.multi_label()};
  TrainEvents events;
  Json epochs = Json::array();
  const auto images =
      static_cast<std::int64_t>(bench.data.train.samples.size() + bench.data.val.samples.size());
  events.epoch_end = [&](const EpochEnd& end) { epochs.push_back(one_pass(end.record.seconds, images)); };
  train_model(model, bench.data.train, bench.data.val, bench.recipe, bench.device, events);
  return epochs;
}

Json bench_evaluate(Bench& bench) {
  const Model model{
      bench.recipe.model, bench.data.train.classes, preprocess_of(bench), {}, network_of(bench).network};
  LoaderOptions options = val_loader_options(bench.recipe);
  options.cache = "off";
  const Loader loader(bench.data.val.samples, model.preprocess, options);
  const InferenceModel ready = InferenceModel::compile(model, bench.device);
  Json epochs = Json::array();
  for (int epoch = 0; epoch < bench.recipe.epochs; ++epoch) {
    const Evaluation evaluation = evaluate(ready, loader);
    epochs.push_back(one_pass(evaluation.seconds, static_cast<std::int64_t>(evaluation.outcomes.size())));
  }
  return epochs;
}

struct Row {
  const char* name;
  const char* what;
  Json (*run)(Bench&);
};

constexpr Row all_rows[] = {
    {"index", "listing the folders", bench_index},
    {"pipeline-train", "reading and augmenting the training pictures", bench_pipeline_train},
    {"pipeline-val", "reading the validation pictures", bench_pipeline_val},
    {"evaluate", "the network on the validation pictures", bench_evaluate},
    {"train", "an epoch of training and validation", bench_train},
};

const Row& row_named(const std::string& name) {
  std::vector<std::string> names;
  for (const Row& row : all_rows) {
    if (row.name == name) return row;
    names.emplace_back(row.name);
  }
  throw UsageError("--rows", "\"" + name + "\" is not one of " + join(names, ", "),
                   did_you_mean(name, names));
}

void print(const Row& row, const Json& epochs, const Bench& bench) {
  if (bench.console.json) {
    bench.console.result_json({{"row", row.name},
                               {"epochs", epochs},
                               {"cores", processors().available},
                               {"threads", at::get_num_threads()},
                               {"device", describe_device(bench.device)},
                               {"peak_bytes", peak_resident_bytes()}});
    return;
  }
  std::string line;
  for (const Json& epoch : epochs) {
    char text[64];
    const double seconds = epoch["seconds"];
    std::snprintf(text, sizeof text, "%11.1f", epoch["images"].get<double>() / std::max(seconds, 1e-9));
    line += text;
  }
  char name[32];
  std::snprintf(name, sizeof name, "%-16s", row.name);
  bench.console.result(name + line + "   " + row.what);
}

// Its figures are set beside those of other programs for the tutorial's scenarios (docs/speed.md), so that
// fine-tuning is what it measures.
constexpr const char* bench_preset = "finetune";

Recipe bench_recipe(const std::string& preset_name) {
  Recipe recipe = preset(preset_name);
  recipe.epochs = 3;
  recipe.weights = "none";  // no figure depends on them
  return recipe;
}

void run_bench(const Arguments& arguments, Console& console) {
  std::vector<const Row*> rows;
  for (const std::string& name : arguments.rows) rows.push_back(&row_named(name));
  if (rows.empty()) {
    for (const Row& row : all_rows) rows.push_back(&row);
  }
  require_data(arguments.data);
  const Recipe recipe = recipe_of(arguments.given, bench_preset, bench_recipe);
  check_recipe(recipe);
  use_threads(recipe.threads, console);
  Bench bench{recipe, select_device(recipe.device), open_data_set(arguments.data, recipe.data),
              arguments.data, console};
  refuse_idle_options(recipe, names_of(arguments.given), &bench.data);
  if (recipe.weights != "none") network_of(bench);  // weights that cannot be had are an error before any row
  if (!console.json) console.say("images/s of each pass, on " + describe_device(bench.device));
  for (const Row* row : rows) print(*row, row->run(bench), bench);
}

}  // namespace

void add_bench(CLI::App& app, Context& context) {
  CLI::App* verb =
      app.add_subcommand("bench", "Measure this machine: images a second in each part of the work");
  const auto arguments = std::make_shared<Arguments>();
  verb->add_option("DATA", arguments->data, "folder of pictures, as for train")->required();
  std::vector<std::string> names;
  for (const Row& row : all_rows) names.emplace_back(row.name);
  verb->add_option("--rows", arguments->rows, "which to measure, with commas [all]")
      ->delimiter(',')
      ->type_name(braces(names) + ",...");
  bind_recipe(*verb, bench_preset, arguments->given, {}, bench_recipe);
  verb->add_flag("--json", context.console.json, "print one JSON object a row on standard output");
  verb->callback([arguments, &context] { run_bench(*arguments, context.console); });
}

}  // namespace graft::cli
