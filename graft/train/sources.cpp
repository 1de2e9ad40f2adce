#include "graft/train/sources.h"

#include <algorithm>

#include "graft/device/device_memory.h"
#include "graft/train/compute.h"
#include "graft/train/resident_source.h"

namespace graft {
namespace {

// A pass that only looks gains by larger batches, and its figures do not depend on them.
constexpr int least_val_batch = 64;

std::uint64_t budget_for(const Recipe& recipe, const torch::Device& device) {
  if (recipe.epochs < 2) return 0;
  const std::optional<std::uint64_t> free_bytes = device_memory_free(device);
  return free_bytes ? resident_budget(recipe.cache, *free_bytes) : 0;
}

}  // namespace

TrainSources open_sources(const Loader& train, const Loader& val, const Preprocess& preprocess,
                          const Recipe& recipe, const torch::Device& device,
                          const ProgressCallback& progress) {
  TrainSources sources;
  std::uint64_t budget = budget_for(recipe, device);
  const auto resident = [&](const Loader& loader, const LoaderOptions& options, const LoaderPass& pass) {
    if (budget == 0) return loader_source(loader, device);
    ResidentSource kept =
        resident_source(loader.samples(), preprocess, options, pass, {device, budget}, progress);
    budget -= kept.bytes;
    return kept.batches ? std::move(kept.batches) : loader_source(loader, device);
  };
  // Beyond crops and flips only the loader augments.
  const LoaderPass training = train_pass(recipe);
  sources.train = training.augment && training.augment->any() ? loader_source(train, device)
                                                              : resident(train, recipe.loader, training);
  if (backbone_is_held(recipe)) budget = 0;  // it looks at the validation pictures once (features.h)
  LoaderOptions val_options = recipe.loader;
  val_options.batch_size = std::max(val_options.batch_size, least_val_batch);
  sources.val = resident(val, val_options, val_pass(recipe));
  return sources;
}

}  // namespace graft
