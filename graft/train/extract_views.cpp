// extract_views(): finds the missing rows, runs a pass of the loader for each view with missing rows, and
// joins all rows.
#include <charconv>
#include <optional>

#include "graft/core/error.h"
#include "graft/core/hash.h"
#include "graft/core/threads.h"
#include "graft/data/dataset.h"
#include "graft/data/decoded_cache.h"
#include "graft/train/probe.h"

namespace graft {
namespace {

// SHA-256 of each file's bytes. Empty for an unreadable file: the loader reports the reason.
std::vector<std::string> hashes_of(const std::vector<Sample>& samples, int workers) {
  std::vector<std::string> hashes(samples.size());
  for_each_on_threads(samples.size(), static_cast<std::size_t>(workers), [&](std::size_t i) {
    try {
      hashes[i] = sha256_hex(read_picture(samples[i]));
    } catch (const std::exception&) {
      hashes[i].clear();
    }
  });
  return hashes;
}

// The first 16 digits as a number: the seed of the picture's random crops.
std::uint64_t number_of(const std::string& hash) {
  std::uint64_t number = 0;
  if (!hash.empty()) std::from_chars(hash.data(), hash.data() + 16, number, 16);
  return number;
}

class ViewExtractor {
 public:
  ViewExtractor(const Model& model, const std::vector<Sample>& samples, const Recipe& recipe,
                const torch::Device& device, FeatureCache& cache)
      : model_(model),
        samples_(samples),
        recipe_(recipe),
        device_(device),
        cache_(cache),
        hashes_(hashes_of(samples, recipe.loader.workers)),
        readable_(samples.size(), true),
        decoded_(DecodedCache::make(recipe.cache)) {}

  void compute_missing(int view, const std::string& what, const ProgressCallback& progress) {
    std::vector<std::uint32_t> missing;
    for (std::size_t i = 0; i < samples_.size(); ++i) {
      if (readable_[i] && !cache_.find({hashes_[i], view}).defined())
        missing.push_back(static_cast<std::uint32_t>(i));
    }
    if (missing.empty()) return;
    std::vector<Sample> samples;
    std::vector<std::uint64_t> draws;
    for (const std::uint32_t i : missing) {
      samples.push_back(samples_[i]);
      draws.push_back(number_of(hashes_[i]));
    }
    LoaderPass pass = val_pass(recipe_);
    if (view > 1) pass.augment = recipe_.augmentation;
    pass.seed = 0;  // a view depends on the picture, not on the run's seed
    Loader loader(std::move(samples), model_.preprocess, recipe_.loader, pass, decoded_);
    loader.draw_by(std::move(draws));
    if (!backbone_)
      backbone_ = InferenceModel::compile(model_, device_, Precision::fp32, recipe_.loader.batch_size);
    const FeatureSet set = extract_features(*backbone_, loader, what + " view " + std::to_string(view),
                                            progress, static_cast<std::uint64_t>(view), view == 1);
    std::vector<bool> seen(missing.size(), false);
    for (std::size_t row = 0; row < set.indices.size(); ++row) {
      seen[set.indices[row]] = true;
      cache_.add({hashes_[missing[set.indices[row]]], view}, set.features[static_cast<std::int64_t>(row)]);
    }
    for (std::size_t i = 0; i < missing.size(); ++i) {
      if (!seen[i]) readable_[missing[i]] = false;
    }
    if (view == 0) bad_ = set.bad;
  }

  ViewFeatures collect(int views) {
    ViewFeatures result;
    std::vector<std::vector<torch::Tensor>> rows(static_cast<std::size_t>(views) + 1);
    for (std::size_t i = 0; i < samples_.size(); ++i) {
      if (!readable_[i]) continue;
      for (int view = 0; view <= views; ++view)
        rows[static_cast<std::size_t>(view)].push_back(cache_.find({hashes_[i], view}));
      result.centre.labels.push_back(samples_[i].label);
      result.centre.indices.push_back(static_cast<std::uint32_t>(i));
    }
    result.centre.bad = bad_;
    if (rows[0].empty()) return result;
    result.centre.features = torch::stack(rows[0]);
    for (std::size_t view = 1; view < rows.size(); ++view) result.more.push_back(torch::stack(rows[view]));
    return result;
  }

 private:
  const Model& model_;
  std::optional<InferenceModel> backbone_;  // of model_, from the first pass on
  const std::vector<Sample>& samples_;
  const Recipe& recipe_;
  torch::Device device_;
  FeatureCache& cache_;
  std::vector<std::string> hashes_;
  std::vector<bool> readable_;
  std::shared_ptr<DecodedCache> decoded_;
  std::vector<BadImage> bad_;
};

}  // namespace

FeatureCache open_feature_cache(const Model& model, const Recipe& recipe, const WarningCallback& warning) {
  if (recipe.feature_cache == "off") return {};
  const auto folder =
      recipe.feature_cache == "auto" ? default_feature_folder() : std::filesystem::path(recipe.feature_cache);
  if (!folder) return {};
  FeatureCache cache(
      *folder, model.architecture,
      feature_key(*model.network, model.preprocess, recipe.decode.max_pixels, recipe.augmentation),
      model.network->head()->weight.size(1));
  if (warning && !cache.damage().empty())
    warning("the cached features of the probe are damaged and are computed again: " + cache.damage());
  return cache;
}

void save_feature_cache(FeatureCache& cache, const Recipe& recipe, const WarningCallback& warning) {
  try {
    if (recipe.feature_cache == "auto" && !default_feature_folder())
      throw Error("HOME", "is not set and the user has no home folder",
                  "set XDG_CACHE_HOME, or name a folder with `feature_cache`");
    cache.save();
  } catch (const Error& error) {
    if (warning)
      warning(std::string("the probe's features are not cached for the next training run: ") + error.what());
  }
}

void check_can_be_probed(const Network& network, const std::string& advice) {
  if (!network.has_linear_head())
    throw UsageError(network.name(), "has no linear head, which a probe fits", advice);
}

ViewFeatures extract_views(const Model& model, const std::vector<Sample>& samples, int views,
                           const Recipe& recipe, const torch::Device& device, FeatureCache& cache,
                           const std::string& what, const ProgressCallback& progress) {
  check_can_be_probed(*model.network);
  ViewExtractor extractor(model, samples, recipe, device, cache);
  for (int view = 0; view <= views; ++view) extractor.compute_missing(view, what, progress);
  return extractor.collect(views);
}

}  // namespace graft
