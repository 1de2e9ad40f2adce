#include "graft/session/search.h"

#include <algorithm>

#include "graft/core/error.h"
#include "graft/device/device.h"
#include "graft/device/engine_error.h"
#include "graft/models/hub_model.h"
#include "graft/models/load.h"
#include "graft/session/open_model.h"
#include "graft/session/path_kind.h"
#include "graft/session/run_place.h"
#include "graft/session/starting_network.h"
#include "graft/task/task.h"
#include "graft/train/find_lr.h"
#include "graft/train/idle_options.h"
#include "graft/train/memory_estimate.h"

namespace graft {
namespace {

LrSearch search(const LrRequest& request, const Observer& observer) {
  require_data(request.data);
  Recipe recipe = request.recipe;
  check_find_lr(request.options);
  if (recipe.epochs == 0)
    throw UsageError("`preset`", recipe.preset + " has no epochs, so the learning rate has no effect",
                     "use a preset, or the options of a run, with epochs");
  const ModelAndWeights resolved = resolve_hub_model(recipe.model, recipe.weights, observer.progress);
  recipe.model = resolved.model;
  recipe.weights = resolved.weights;
  const ModelSpec& spec = find_model(recipe.model);
  use_threads(recipe.threads, observer);
  const torch::Device device = select_device(recipe.device);
  const TrainingData data = open_data_set(request.data, recipe.data);
  Recipe of_epochs = recipe;
  of_epochs.epochs = std::max(2, recipe.epochs);  // a search may read each picture several times
  refuse_idle_options(of_epochs, names_of(request.given), &data);
  check_feature_cache(recipe, request.data, data);
  observer.warn(data.warnings);
  tell_files(request.data, recipe.data.labels, {recipe.weights}, observer);
  torch::manual_seed(recipe.seed);
  const FoundWeights found = find_weights(spec, recipe.weights, observer.progress);
  inherit_input(recipe, found.preprocess, request.given);
  const LoadedNetwork loaded = starting_network(spec, data.train, recipe, found);
  for (const std::string& note : loaded.report.notes) observer.warn(loaded.weights + ": " + note);
  loaded.network->to(device);
  Model model{spec.name, data.train.classes, loaded.preprocess, {}, loaded.network, task_spec_of(data.train)};
  const std::size_t pictures = data.train.samples.size();
  check_last_batch(estimate_training_memory(model, recipe, Precision::fp32, pictures), of_epochs, pictures);
  LrSearch result{
      find_lr(model, data.train, recipe, device, request.options, observer.progress, observer.warning), {}};
  result.suggestion = suggest_lr(result.points, request.options.steps);
  if (const std::string doubt = doubt_about(result.suggestion); !doubt.empty()) observer.warn(doubt);
  return result;
}

}  // namespace

std::vector<std::string> lr_search_options() {
  std::vector<std::string> decided = {"epochs",      "patience",      "time_limit", "lr",
                                      "schedule",    "step_size",     "gamma",      "warmup_epochs",
                                      "fit",         "keep",          "folds",      "repeats",
                                      "fold",        "test_fraction", "models",     "average_epochs",
                                      "interpolate", "calibration",   "false_alarm"};
  DistillOptions teacher;  // none: the rate is that of the labels
  for (const OptionRef& option : options_in(teacher, distill_options)) decided.push_back(option.name);
  Recipe recipe;
  std::vector<std::string> names;
  for (const OptionRef& option : options_in(recipe, recipe_options)) {
    if (std::find(decided.begin(), decided.end(), option.name) == decided.end()) names.push_back(option.name);
  }
  return names;
}

LrSearch search_lr(const LrRequest& request, const Observer& observer) {
  return with_engine_errors(request.data.path, [&] { return search(request, observer); });
}

}  // namespace graft
