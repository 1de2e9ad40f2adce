#include "graft/session/map_pictures.h"

#include <algorithm>

#include "graft/infer/principal.h"
#include "graft/train/probe.h"

namespace graft {
namespace {

constexpr std::size_t max_map_points = 1000;

std::vector<Sample> samples_of_map(const Folder& data, const std::vector<Outcome>& outcomes) {
  const std::size_t count = std::min(outcomes.size(), max_map_points);
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < count; ++i)
    samples.push_back(data.samples.at(outcomes[i * outcomes.size() / count].index));
  return samples;
}

}  // namespace

std::vector<MapPoint> map_pictures(const Model& model, const Folder& data, const Outcomes& outcomes,
                                   Recipe recipe, const torch::Device& device, const Observer& observer) {
  if (!model.network->has_linear_head() || outcomes.outcomes.empty()) return {};
  const std::vector<Sample> samples = samples_of_map(data, outcomes.outcomes);
  recipe.loader.skip_bad = true;  // training has reported them
  const bool is_frozen = recipe.freeze || recipe.epochs == 0;
  FeatureCache cache = is_frozen ? open_feature_cache(model, recipe) : FeatureCache();
  const FeatureSet features =
      extract_views(model, samples, 0, recipe, device, cache, "map", observer.progress).centre;
  const torch::Tensor places = principal_coordinates(features.features, 2);
  std::vector<MapPoint> points;
  for (std::size_t i = 0; i < features.indices.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i);
    points.push_back(
        {samples[features.indices[i]].path, places[row][0].item<double>(), places[row][1].item<double>()});
  }
  return points;
}

}  // namespace graft
