#include "graft/train/sources.h"

#include <algorithm>
#include <utility>

#include "graft/device/device_memory.h"
#include "graft/train/compute.h"
#include "graft/train/resident_source.h"

namespace graft {
namespace {

// Larger batches make a pass without training faster and do not change its metrics.
constexpr int least_val_batch = 64;

std::uint64_t budget_for(const Recipe& recipe, const torch::Device& device) {
  if (recipe.epochs < 2) return 0;
  const std::optional<std::uint64_t> free_bytes = device_memory_free(device);
  return free_bytes ? resident_budget(recipe.cache, *free_bytes) : 0;
}

// The caller's.
SharedSamples shared(const std::vector<Sample>& samples) {
  return {&samples, [](const auto*) {}};
}

SharedSamples with_unlabelled(const std::vector<Sample>& samples, const std::vector<Sample>& more) {
  if (more.empty()) return shared(samples);
  std::vector<Sample> all = samples;
  all.insert(all.end(), more.begin(), more.end());
  return std::make_shared<const std::vector<Sample>>(std::move(all));
}

LoaderPass of_rank(LoaderPass pass, int rank, int world_size) {
  pass.rank = rank;
  pass.world_size = world_size;
  return pass;
}

// Every rank takes part in every step.
LoaderPass in_step(LoaderPass pass) {
  pass.empty_batches = pass.world_size > 1;
  return pass;
}

}  // namespace

TrainLoaders::TrainLoaders(const Folder& train_folder, const Folder& val_folder, const Preprocess& preprocess,
                           const Recipe& recipe, int rank, int world_size,
                           const std::vector<Sample>& unlabelled)
    : train_pass(in_step(of_rank(graft::train_pass(recipe), rank, world_size))),
      val_pass(of_rank(graft::val_pass(recipe), rank, world_size)),
      decoded(recipe.epochs > 1 ? DecodedCache::make(recipe.cache) : nullptr),
      train(with_unlabelled(train_folder.samples, unlabelled), preprocess, recipe.loader, train_pass,
            decoded),
      val(shared(val_folder.samples), preprocess, recipe.loader, val_pass, decoded) {}

TrainSources open_sources(const TrainLoaders& loaders, const Preprocess& preprocess, const Recipe& recipe,
                          const torch::Device& device, const ProgressCallback& progress) {
  TrainSources sources;
  std::uint64_t budget = budget_for(recipe, device);
  const auto resident = [&](const Loader& loader, const LoaderOptions& options, const LoaderPass& pass) {
    if (budget == 0 || loader.samples().empty()) return loader_source(loader, device);
    ResidentSource kept =
        resident_source(loader.samples(), preprocess, options, pass, {device, budget}, progress);
    budget -= kept.bytes;
    return kept.batches ? std::move(kept.batches) : loader_source(loader, device);
  };
  // Only the loader supports augmentation beyond crops and flips.
  const bool loader_augments = loaders.train_pass.augment && loaders.train_pass.augment->any();
  sources.train = loader_augments ? loader_source(loaders.train, device)
                                  : resident(loaders.train, recipe.loader, loaders.train_pass);
  if (backbone_is_held(recipe)) budget = 0;  // the validation pictures are read only once (extract_features)
  LoaderOptions val_options = recipe.loader;
  val_options.batch_size = std::max(val_options.batch_size, least_val_batch);
  sources.val = resident(loaders.val, val_options, loaders.val_pass);
  return sources;
}

}  // namespace graft
