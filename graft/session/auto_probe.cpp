// A probe of one network, or of several as one.
#include "graft/core/stopwatch.h"
#include "graft/data/readable_classes.h"
#include "graft/models/load.h"
#include "graft/session/auto_search.h"
#include "graft/session/starting_network.h"

namespace graft {
namespace {

Recipe recipe_of_candidate(const SearchPlace& place, const Candidate& candidate, Fit fit,
                           const Preprocess& preprocess) {
  Recipe recipe = place.job.run.recipe;
  recipe.model = find_model(candidate.model).name;
  recipe.weights = candidate.weights;
  inherit_input(recipe, preprocess, place.job.run.given);
  recipe.fit = fit;
  return recipe;
}

ViewFeatures candidate_features(const SearchPlace& place, const Model& model, const Recipe& recipe,
                                const std::string& name) {
  const RunObserver& observer = place.observer;
  FeatureCache cache = open_feature_cache(model, recipe, observer.warning);
  try {
    ViewFeatures features = extract_views(model, place.train().samples, recipe.views, recipe, place.device,
                                          cache, name, place.progress(""));
    save_feature_cache(cache, recipe, observer.warning);
    require_readable(place.train(), "training", features.centre.indices.size(), features.centre.bad);
    return features;
  } catch (const SearchStopped&) {
    save_feature_cache(cache, recipe, observer.warning);  // complete views
    throw;
  }
}

MeasuredCandidate measure_probe(const SearchPlace& place, const ViewFeatures& features, Recipe recipe,
                                int views, bool with_bias) {
  const auto outputs = static_cast<std::int64_t>(place.train().classes.size());
  const CrossValidatedProbe probe =
      cross_validate_probe(place.task, place.targets, features, outputs, with_bias, recipe.seed);
  MeasuredCandidate result;
  place.task.add_outcomes(probe.outputs, features.centre.indices, features.centre.labels, place.targets,
                          result.outcomes);
  TriedCandidate& row = result.row;
  row.l2 = probe.fit.l2;
  row.loss = mean_loss(result.outcomes.outcomes);
  row.metrics = {place.task.metrics(result.outcomes).front()};
  row.pictures = static_cast<std::int64_t>(result.outcomes.outcomes.size());
  recipe.views = row.views = views;
  result.recipe = std::move(recipe);
  return result;
}

}  // namespace

MeasuredCandidate best_views(const SearchPlace& place, const ViewFeatures& features, const Recipe& recipe,
                             bool with_bias) {
  MeasuredCandidate best =
      measure_probe(place, features, recipe, static_cast<int>(features.more.size()), with_bias);
  if (features.more.empty()) return best;
  MeasuredCandidate alone = measure_probe(place, {features.centre, {}}, recipe, 0, with_bias);
  return alone.row.loss <= best.row.loss ? alone : best;
}

Probed probe_candidate(const SearchPlace& place, const Candidate& candidate, Fit fit) {
  const Stopwatch watch;
  const ModelSpec& spec = find_model(candidate.model);
  const FoundWeights found = find_weights(spec, candidate.weights, place.observer.progress);
  const Recipe recipe = recipe_of_candidate(place, candidate, fit, found.preprocess);
  torch::manual_seed(recipe.seed);
  const LoadedNetwork loaded = starting_network(spec, place.train(), recipe, found);
  loaded.network->to(place.device);
  const Model model{spec.name, place.train().classes, loaded.preprocess,
                    {},        loaded.network,        task_spec_of(place.train())};
  const std::string name = name_of(candidate) + " " + EnumNames<Fit>::names[static_cast<std::size_t>(fit)];
  Probed probed;
  probed.features = candidate_features(place, model, recipe, name);
  probed.best = best_views(place, probed.features, recipe, loaded.network->head()->bias.defined());
  probed.best.row.kind = "probe";
  probed.best.row.model = name_of(candidate);
  probed.best.row.fit = EnumNames<Fit>::names[static_cast<std::size_t>(fit)];
  probed.best.row.seconds = watch.seconds();
  return probed;
}

}  // namespace graft
