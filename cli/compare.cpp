// graft compare DATA --models a,b,c: which network is the best to start from, by a probe of each.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/machine.h"
#include "cli/model_argument.h"
#include "cli/path_kind.h"
#include "cli/recipe_flags.h"
#include "cli/verbs.h"
#include "graft/core/error.h"
#include "graft/core/stopwatch.h"
#include "graft/device/device.h"
#include "graft/models/load.h"
#include "graft/train/idle_options.h"
#include "graft/train/trainer.h"

namespace graft::cli {
namespace {

struct Arguments {
  std::string data;
  std::vector<std::string> models;
  GivenOptions given;
};

struct Row {
  std::string model, weights, problem;  // with a problem there are no figures
  double score = 0, val_loss = 0, images_per_second = 0;
  std::int64_t parameters = 0;
};

constexpr ModelWords model_words = {"--models ", "--models NAME=FILE"};

// "NAME" or "NAME=WEIGHTS".
std::pair<std::string, std::string> name_and_weights(const std::string& text) {
  const std::size_t at = text.find('=');
  if (at == std::string::npos) return {text, "default"};
  if (at + 1 == text.size())
    throw UsageError("--models", "\"" + text + "\" names no weights behind =", "give a file, a run or a URL");
  return {text.substr(0, at), text.substr(at + 1)};
}

// A network to probe, with its weights, which are read once.
struct Candidate {
  std::string name, weights;  // as they were asked for
  FoundWeights found;
};

LoadedNetwork build(const Candidate& candidate, const DataSet& data) {
  return build_with_weights(find_model(candidate.name), static_cast<std::int64_t>(data.train.classes.size()),
                            candidate.found);
}

// Throws Error where the weights cannot be had or do not fit.
Candidate find_candidate(const std::string& asked, const DataSet& data, Console& console) {
  const auto [name, weights] = name_and_weights(asked);
  try {
    const auto progress = [&](const Progress& p) { console.progress(p); };
    Candidate candidate{name, weights, find_weights(find_model(name), weights, progress)};
    build(candidate, data);
    return candidate;
  } catch (const Error& error) {
    rethrow_in_words(error, model_words);
  }
}

std::int64_t parameters_of(const Network& network) {
  std::int64_t count = 0;
  for (const torch::Tensor& parameter : network.parameters()) count += parameter.numel();
  return count;
}

// Of the network alone, as it predicts: the best of three passes.
double images_per_second(const InferenceModel& model) {
  constexpr std::int64_t batch = 16;
  const std::int64_t size = model.preprocess().crop;
  const auto images =
      torch::zeros({batch, 3, size, size}, model.device()).contiguous(torch::MemoryFormat::ChannelsLast);
  double best = 0;
  for (int pass = 0; pass < 4; ++pass) {  // the first one prepares
    const Stopwatch watch;
    model.logits(images).cpu();
    const double seconds = watch.seconds();
    if (pass > 0) best = std::max(best, static_cast<double>(batch) / seconds);
  }
  return best;
}

Row probe(const Candidate& candidate, Recipe recipe, const DataSet& data, const torch::Device& device,
          Console& console) {
  const std::string& name = candidate.name;
  Row row{.model = name, .weights = candidate.weights, .problem = ""};
  const ModelSpec& spec = find_model(name);
  recipe.model = name;
  try {
    torch::manual_seed(recipe.seed);
    LoadedNetwork loaded = build(candidate, data);
    for (const std::string& note : loaded.report.notes)
      console.warn("warning: " + name + ": " + in_words(note, model_words));
    loaded.network->to(device);
    Model model{spec.name, data.train.classes, preprocess_of(recipe, spec.preprocess), {}, loaded.network};
    model.multi_label = data.train.multi_label();
    TrainEvents events;
    events.warning = [&](const std::string& warning) { console.warn("warning: " + name + ": " + warning); };
    events.progress = [&](const Progress& p) {
      Progress named = p;
      named.what = name + " " + p.what;
      console.progress(named);
    };
    const TrainResult result = train_model(model, data.train, data.val, recipe, device, events);
    row.score = result.history.front().score();
    row.val_loss = result.history.front().val_loss;
    row.parameters = parameters_of(*model.network);
    row.images_per_second = images_per_second(InferenceModel::compile(model, device));
  } catch (const Error& error) {
    row.problem = error.what();
  }
  return row;
}

void check_name(const std::string& name) {
  try {
    find_model(name);
  } catch (const UsageError& error) {
    throw UsageError("--models", error.problem(), error.advice());
  }
}

// The models that can be had without a download, for who names none.
std::vector<std::string> models_at_hand() {
  std::vector<std::string> names;
  for (const ModelSpec& spec : model_registry()) {
    if (weights_at_hand(spec)) names.push_back(spec.name);
  }
  if (names.empty())
    throw UsageError("--models", "is missing, and no weights are at hand",
                     "name some (graft models lists them): --models resnet18,resnet50");
  return names;
}

// As it was asked for: "resnet18", "resnet18=mine.pth".
std::string name_of(const Row& row) {
  return row.weights == "default" ? row.model : row.model + "=" + row.weights;
}

void print_table(const std::vector<Row>& rows, bool multi_label, Console& console) {
  console.result(std::string(multi_label ? "val mAP" : "val acc") +
                 "  val loss  images/s  parameters  model");
  char line[160];
  for (const Row& row : rows) {
    if (!row.problem.empty()) continue;
    std::snprintf(line, sizeof line, "%7.4f %9.4f %9.1f %9.1f M  ", row.score, row.val_loss,
                  row.images_per_second, static_cast<double>(row.parameters) / 1e6);
    console.result(line + name_of(row));
  }
}

void print_json(const std::vector<Row>& rows, bool multi_label, Console& console) {
  auto json = nlohmann::ordered_json::array();
  for (const Row& row : rows) {
    if (!row.problem.empty()) {
      json.push_back({{"model", row.model}, {"weights", row.weights}, {"problem", row.problem}});
    } else {
      json.push_back({{"model", row.model},
                      {"weights", row.weights},
                      {multi_label ? "val_map" : "val_acc", row.score},
                      {"val_loss", row.val_loss},
                      {"images_per_second", row.images_per_second},
                      {"parameters", row.parameters}});
    }
  }
  console.result_json({{"models", json}});
}

int compare(const Arguments& arguments, Console& console) {
  if (kind_of(arguments.data) == PathKind::run)
    throw Error(arguments.data, "is a run, and compare ranks networks on a data set",
                "graft report " + arguments.data + " shows it, graft report RUN RUN compares runs");
  require_data(arguments.data);
  const Recipe recipe = recipe_of(arguments.given, "probe");
  std::vector<std::string> models = arguments.models.empty() ? models_at_hand() : arguments.models;
  for (const std::string& model : models) check_name(name_and_weights(model).first);
  use_threads(recipe.threads, console);
  const torch::Device device = select_device(recipe.device);
  const DataSet data = open_data_set(arguments.data, recipe.data);
  refuse_idle_options(recipe, names_of(arguments.given), &data);
  for (const std::string& warning : data.warnings) console.warn("warning: " + warning);
  std::vector<Candidate> candidates;  // weights that cannot be had are an error before the first probe
  for (const std::string& model : models) candidates.push_back(find_candidate(model, data, console));
  std::vector<Row> rows;
  for (const Candidate& candidate : candidates)
    rows.push_back(probe(candidate, recipe, data, device, console));
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    return std::tuple(a.problem.empty(), a.score, -a.val_loss) >
           std::tuple(b.problem.empty(), b.score, -b.val_loss);
  });
  const bool multi_label = data.train.multi_label();
  console.json ? print_json(rows, multi_label, console) : print_table(rows, multi_label, console);
  int failed = 0;
  for (const Row& row : rows) {
    if (row.problem.empty()) continue;
    console.warn("graft: " + name_of(row) + ": " + row.problem);
    failed = 1;
  }
  return failed;
}

}  // namespace

void add_compare(CLI::App& app, Context& context) {
  CLI::App* verb = app.add_subcommand("compare", "Rank networks by a probe of each on your pictures");
  const auto arguments = std::make_shared<Arguments>();
  verb->add_option("DATA", arguments->data, "as graft train takes it")->required();
  verb->add_option("--models", arguments->models,
                   "names, or NAME=WEIGHTS with a file or URL [those whose weights are in the cache]")
      ->delimiter(',')
      ->type_name(model_type() + ",...");
  Recipe defaults = preset("probe");
  bind_options(*verb, options_in(defaults, recipe_options), arguments->given,
               {"views", "feature_cache", "batch_size", "workers", "prefetch", "min_scale", "fit", "labels",
                "skip_bad", "exif", "alpha", "max_pixels", "decode", "val_fraction", "split_seed", "seed",
                "device", "threads"});
  verb->add_flag("--json", context.console.json, "print one JSON object on standard output");
  verb->callback([arguments, &context] { context.exit_code = compare(*arguments, context.console); });
}

}  // namespace graft::cli
