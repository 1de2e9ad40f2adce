#include "graft/session/bench.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/memory.h"
#include "graft/core/stopwatch.h"
#include "graft/core/text.h"
#include "graft/data/decoded_cache.h"
#include "graft/device/device.h"
#include "graft/device/engine_error.h"
#include "graft/infer/evaluate.h"
#include "graft/models/hub_model.h"
#include "graft/models/load.h"
#include "graft/net/hf_hub.h"
#include "graft/session/open_model.h"
#include "graft/session/path_kind.h"
#include "graft/task/task.h"
#include "graft/train/idle_options.h"
#include "graft/train/trainer.h"

namespace graft {
namespace {

using Passes = std::vector<BenchPass>;

// The input of all rows: the data are opened once.
struct Bench {
  const BenchRequest& request;
  torch::Device device;
  TrainingData data;
  FoundWeights weights;  // with the preprocess of all rows

  const Recipe& recipe() const { return request.recipe; }
  const Preprocess& preprocess() const { return weights.preprocess; }
};

// Passes of the loader without a network.
Passes pipeline(const std::vector<Sample>& samples, const LoaderPass& pass, const Bench& bench) {
  const Loader loader(samples, bench.preprocess(), bench.recipe().loader, pass,
                      DecodedCache::make(bench.recipe().cache));
  Passes passes;
  for (int epoch = 0; epoch < bench.recipe().epochs; ++epoch) {
    const Stopwatch watch;
    std::int64_t images = 0;
    const auto stream = loader.epoch(static_cast<std::uint64_t>(epoch));
    while (const auto batch = stream->next()) images += batch->count;
    passes.push_back({watch.seconds(), images, {}});
  }
  return passes;
}

Passes bench_pipeline_train(const Bench& bench) {
  return pipeline(bench.data.train.samples, train_pass(bench.recipe()), bench);
}

Passes bench_pipeline_val(const Bench& bench) {
  return pipeline(bench.data.val.samples, val_pass(bench.recipe()), bench);
}

// Lists the folders again, from the system's cache.
Passes bench_index(const Bench& bench) {
  Passes passes;
  for (int epoch = 0; epoch < bench.recipe().epochs; ++epoch) {
    const std::uint64_t before = resident_bytes();
    const Stopwatch watch;
    const TrainingData data = open_data_set(bench.request.data, bench.recipe().data);
    const double seconds = watch.seconds();
    const auto images = static_cast<std::int64_t>(data.train.samples.size() + data.val.samples.size());
    const std::uint64_t after = resident_bytes();
    passes.push_back({seconds, images,
                      static_cast<double>(after > before ? after - before : 0) /
                          static_cast<double>(std::max<std::int64_t>(images, 1))});
  }
  return passes;
}

LoadedNetwork bench_network(const Bench& bench) {
  LoadedNetwork loaded =
      build_with_weights(find_model(bench.recipe().model),
                         static_cast<std::int64_t>(bench.data.train.classes.size()), bench.weights);
  loaded.network->to(bench.device);
  return loaded;
}

Model bench_model(const Bench& bench) {
  const Folder& train = bench.data.train;
  return {bench.recipe().model,         train.classes,      bench.preprocess(), {},
          bench_network(bench).network, task_spec_of(train)};
}

Passes bench_train(const Bench& bench) {
  const TrainingData& data = bench.data;
  Model model = bench_model(bench);
  const auto images = static_cast<std::int64_t>(data.train.samples.size() + data.val.samples.size());
  Passes passes;
  TrainEvents events;
  events.epoch_end = [&](const EpochEnd& end) { passes.push_back({end.record.seconds, images, {}}); };
  train_model(model, data.train, data.val, bench.recipe(), bench.device, events);
  return passes;
}

InferenceModel ready_model(const Bench& bench) {
  Model model = bench_model(bench);
  return InferenceModel::compile(std::move(model), bench.device, Precision::fp32,
                                 bench.recipe().loader.batch_size);
}

// A batch in memory, again and again for about a second in each pass.
Passes bench_infer(const Bench& bench) {
  constexpr double pass_seconds = 1;
  const InferenceModel model = ready_model(bench);
  const std::int64_t batch = bench.recipe().loader.batch_size, side = model.preprocess().crop;
  const torch::Tensor images =
      torch::randn({batch, 3, side, side}).contiguous(torch::MemoryFormat::ChannelsLast).to(bench.device);
  const auto answer = [&] { model.logits(images).cpu(); };
  answer();  // the first one allocates
  Passes passes;
  for (int epoch = 0; epoch < bench.recipe().epochs; ++epoch) {
    const Stopwatch watch;
    std::int64_t count = 0;
    for (; count == 0 || watch.seconds() < pass_seconds; count += batch) answer();
    passes.push_back({watch.seconds(), count, {}});
  }
  return passes;
}

Passes bench_evaluate(const Bench& bench) {
  const InferenceModel ready = ready_model(bench);
  const Loader loader(bench.data.val.samples, ready.preprocess(), bench.recipe().loader,
                      val_pass(bench.recipe()));
  const EvaluateOptions options{"val", {}, ready.task().target_table(bench.data.val)};
  Passes passes;
  for (int epoch = 0; epoch < bench.recipe().epochs; ++epoch) {
    const Evaluation evaluation = evaluate(ready, loader, options);
    passes.push_back({evaluation.seconds, static_cast<std::int64_t>(evaluation.outcomes.size()), {}});
  }
  return passes;
}

// Names of options.
using Names = std::vector<std::string>;

Names joined(std::initializer_list<Names> parts) {
  Names all;
  for (const Names& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

// The options of every row, of rows that load pictures, and of rows that augment them.
const Names common = {"preset", "epochs", "device", "threads", "val_fraction", "split_seed", "labels"};
const Names loading = {"model",      "weights", "input_size", "fit",     "exif",     "alpha",
                       "max_pixels", "decode",  "batch_size", "workers", "prefetch", "skip_bad"};
const Names augmenting = {
    "shuffle",         "sampling",          "augment",    "min_scale",    "auto_augment",
    "rand_ops",        "rand_magnitude",    "jitter_hue", "random_erase", "jitter_brightness",
    "jitter_contrast", "jitter_saturation", "seed",       "layout",       "freeze"};

struct Row {
  const char* name;
  const char* what;
  Passes (*run)(const Bench&);
  std::optional<Names> reads;  // besides `common`; empty: every option
};

const Row all_rows[] = {
    {"index", "listing the folders", bench_index, Names()},
    {"pipeline-train", "reading and augmenting the training pictures", bench_pipeline_train,
     joined({loading, augmenting, {"cache"}})},
    {"pipeline-val", "reading the validation pictures", bench_pipeline_val, joined({loading, {"cache"}})},
    {"network", "the network on a batch in memory", bench_infer,
     Names{"model", "weights", "input_size", "batch_size"}},
    {"evaluate", "the network on the validation pictures", bench_evaluate, loading},
    {"train", "an epoch of training and validation", bench_train, std::nullopt},
};

bool reads(const Row& row, const std::string& option) {
  const auto holds = [&](const Names& names) {
    return std::find(names.begin(), names.end(), option) != names.end();
  };
  return !row.reads || holds(common) || holds(*row.reads);
}

// Throws UsageError for a given option that none of the rows uses.
void refuse_unread_options(const std::vector<const Row*>& rows, const GivenOptions& given) {
  for (const std::string& name : names_of(given)) {
    if (std::none_of(rows.begin(), rows.end(), [&](const Row* row) { return reads(*row, name); }))
      throw UsageError(quoted_option(name), "has no effect on any of the measured rows", "leave it out");
  }
}

const Row& row_named(const std::string& name) {
  for (const Row& row : all_rows) {
    if (row.name == name) return row;
  }
  throw UsageError("`rows`", "\"" + name + "\" is not one of " + join(bench_rows(), ", "),
                   did_you_mean(name, bench_rows()));
}

void measure_rows(BenchRequest request, const std::function<void(const BenchRow&)>& each,
                  const Observer& observer) {
  std::vector<const Row*> rows;
  for (const std::string& name : request.rows.empty() ? bench_rows() : request.rows) {
    const Row* row = &row_named(name);
    if (std::find(rows.begin(), rows.end(), row) != rows.end())
      throw UsageError("`rows`", "\"" + name + "\" is named twice", "name each row once");
    rows.push_back(row);
  }
  require_data(request.data);
  Recipe& recipe = request.recipe;
  check_recipe(recipe);
  if (is_hub_name(recipe.model) && !is_given(request.given, "weights")) recipe.weights = "default";
  const ModelAndWeights named = resolve_hub_model(recipe.model, recipe.weights, observer.progress);
  recipe.model = named.model;
  recipe.weights = named.weights;
  use_threads(recipe.threads, observer);
  FoundWeights weights = find_weights(find_model(recipe.model), recipe.weights, observer.progress);
  inherit_input(recipe, weights.preprocess, request.given);
  weights.preprocess = preprocess_of(recipe, weights.preprocess);
  const Bench bench{request, select_device(recipe.device), open_data_set(request.data, recipe.data),
                    std::move(weights)};
  refuse_idle_options(recipe, names_of(request.given), &bench.data);
  refuse_unread_options(rows, request.given);
  if (recipe.weights != "none") bench_network(bench);  // throws for missing weights before any row
  for (const Row* row : rows)
    each({row->name, row->what, row->run(bench), describe_device(bench.device), at::get_num_threads(),
          bench.preprocess().crop});
}

}  // namespace

Recipe bench_recipe(const std::string& preset) {
  Recipe recipe = graft::preset(preset);
  recipe.epochs = 3;
  recipe.weights = "none";
  return recipe;
}

std::vector<std::string> bench_rows() {
  std::vector<std::string> names;
  for (const Row& row : all_rows) names.emplace_back(row.name);
  return names;
}

void run_bench(const BenchRequest& request, const std::function<void(const BenchRow&)>& each,
               const Observer& observer) {
  if (!each) throw UsageError("`each`", "is empty", "give a function that takes the rows");
  with_engine_errors(request.data, [&] { measure_rows(request, each, observer); });
}

}  // namespace graft
