#include "graft/session/search.h"

#include <algorithm>
#include <set>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/stopwatch.h"
#include "graft/data/readable_classes.h"
#include "graft/device/device.h"
#include "graft/device/engine_error.h"
#include "graft/infer/inference_model.h"
#include "graft/models/hub_model.h"
#include "graft/models/load.h"
#include "graft/session/open_model.h"
#include "graft/session/path_kind.h"
#include "graft/session/run_place.h"
#include "graft/task/task.h"
#include "graft/train/idle_options.h"
#include "graft/train/trainer.h"

namespace graft {
namespace {

// A candidate with its weights, which are read once.
struct FoundCandidate {
  Candidate asked;
  Recipe recipe;
  FoundWeights found;  // with the input of the recipe
};

LoadedNetwork build(const FoundCandidate& candidate, const TrainingData& data) {
  return build_with_weights(find_model(candidate.asked.model),
                            static_cast<std::int64_t>(data.train.classes.size()), candidate.found);
}

// Throws Error if the weights are not available or do not fit.
FoundCandidate find_candidate(const Candidate& asked, const CompareRequest& request, const TrainingData& data,
                              const Observer& observer) {
  const ModelSpec& spec = find_model(asked.model);
  FoundCandidate candidate{asked, request.recipe, find_weights(spec, asked.weights, observer.progress)};
  Recipe& recipe = candidate.recipe;
  recipe.model = spec.name;
  Preprocess& preprocess = candidate.found.preprocess;
  inherit_input(recipe, preprocess, request.given);
  preprocess = preprocess_of(recipe, preprocess);
  build(candidate, data);
  return candidate;
}

constexpr int measured_batch = 16;

// The best of three passes.
double images_per_second(const InferenceModel& model) {
  const std::int64_t size = model.preprocess().crop;
  const auto images = torch::zeros({measured_batch, 3, size, size}, model.device())
                          .contiguous(torch::MemoryFormat::ChannelsLast);
  double best = 0;
  for (int pass = 0; pass < 4; ++pass) {  // the first one is the warm-up
    const Stopwatch watch;
    model.logits(images).cpu();
    const double seconds = watch.seconds();
    if (pass > 0) best = std::max(best, measured_batch / seconds);
  }
  return best;
}

// The observer of one model's probe, which prefixes messages with the model's name.
TrainEvents probe_events(const std::string& name, const Observer& observer) {
  TrainEvents events;
  events.warning = [&observer, name](const std::string& warning) { observer.warn(name + ": " + warning); };
  if (observer.progress) {
    events.progress = [&observer, name](const Progress& p) {
      Progress named = p;
      named.what = name + " " + p.what;
      observer.progress(named);
    };
  }
  return events;
}

ComparedModel probe(const FoundCandidate& candidate, const TrainingData& data, const torch::Device& device,
                    const Observer& observer) {
  ComparedModel row{candidate.asked, ""};
  const Recipe& recipe = candidate.recipe;
  const std::string name = name_of(candidate.asked);
  try {
    torch::manual_seed(recipe.seed);
    const LoadedNetwork loaded = build(candidate, data);
    for (const std::string& note : loaded.report.notes) observer.warn(name + ": " + note);
    loaded.network->to(device);
    Model model{recipe.model, data.train.classes, loaded.preprocess,
                {},           loaded.network,     task_spec_of(data.train)};
    const TrainResult result =
        train_model(model, data.train, data.val, recipe, device, probe_events(name, observer));
    row.skipped = result.skipped;
    if (row.skipped > 0) observer.warn(name + ": " + skipped_words(row.skipped));
    row.metrics = result.history.front().val;
    row.val_loss = result.history.front().val_loss;
    row.parameters = count_parameters(*model.network);
    row.images_per_second =
        images_per_second(InferenceModel::compile(model, device, Precision::fp32, measured_batch));
  } catch (const Error& error) {
    row.problem = error.what();
  }
  return row;
}

// Whether `a` is better; between equal ones the smaller loss decides.
bool comes_before(const ComparedModel& a, const ComparedModel& b) {
  if (a.metrics.empty() || b.metrics.empty()) return !a.metrics.empty() && b.metrics.empty();
  const MetricValue &of_a = a.metrics.front(), &of_b = b.metrics.front();
  if (of_a.value == of_b.value) return a.val_loss < b.val_loss;
  return is_better(find_metric(of_a.key), of_a.value, of_b.value);
}

Comparison compare(const CompareRequest& request, const Observer& observer) {
  require_data(request.data);
  std::vector<Candidate> candidates = request.candidates;
  if (candidates.empty()) {
    for (const std::string& name : models_at_hand()) candidates.push_back({name});
  }
  if (candidates.empty())
    throw UsageError("`model`", "is missing, and no weights are in the hub cache", "name models to compare");
  std::set<std::pair<std::string, std::string>> named;
  for (Candidate& candidate : candidates) {
    const auto resolved = resolve_hub_model(candidate.model, candidate.weights, observer.progress);
    candidate.model = resolved.model;
    candidate.weights = resolved.weights;
    if (!named.emplace(find_model(candidate.model).name, candidate.weights).second)
      throw UsageError("`model`", "\"" + candidate.model + "\" is named twice with the same weights",
                       "name each network once");
  }
  const Recipe& recipe = request.recipe;
  use_threads(recipe.threads, observer);
  const torch::Device device = select_device(recipe.device);
  const TrainingData data = open_data_set(request.data, recipe.data);
  refuse_idle_options(recipe, names_of(request.given), &data);
  check_feature_cache(recipe, request.data, data);
  observer.warn(data.warnings);
  std::vector<FoundCandidate> found;
  for (const Candidate& candidate : candidates)
    found.push_back(find_candidate(candidate, request, data, observer));
  Comparison comparison;
  for (const FoundCandidate& candidate : found)
    comparison.models.push_back(probe(candidate, data, device, observer));
  std::stable_sort(comparison.models.begin(), comparison.models.end(), comes_before);
  return comparison;
}

}  // namespace

Candidate candidate_of(const std::string& text) {
  const std::size_t at = text.find('=');
  if (at == std::string::npos) return {text};
  if (at + 1 == text.size())
    throw UsageError("`models`", "\"" + text + "\" names no weights after =", "give a file, a run or a URL");
  return {text.substr(0, at), text.substr(at + 1)};
}

std::string name_of(const Candidate& candidate) {
  return candidate.weights == "default" ? candidate.model : candidate.model + "=" + candidate.weights;
}

std::vector<std::string> comparison_options() {
  return {"input_size",   "views",      "feature_cache", "batch_size", "workers", "prefetch",   "min_scale",
          "fit",          "labels",     "skip_bad",      "exif",       "alpha",   "max_pixels", "decode",
          "val_fraction", "split_seed", "seed",          "device",     "threads"};
}

std::vector<std::string> models_at_hand() {
  std::vector<std::string> names;
  for (const ModelSpec& spec : model_registry()) {
    if (weights_at_hand(spec)) names.push_back(spec.name);
  }
  return names;
}

Comparison compare_models(const CompareRequest& request, const Observer& observer) {
  return with_engine_errors(request.data.path, [&] { return compare(request, observer); });
}

}  // namespace graft
