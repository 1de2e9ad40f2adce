#include "graft/data/loader.h"

#include <algorithm>
#include <utility>

#include "graft/core/processors.h"
#include "graft/data/epoch_plan.h"
#include "graft/data/sample_order.h"

namespace graft {

Loader::Loader(std::vector<Sample> samples, Preprocess preprocess, LoaderOptions options,
               std::shared_ptr<DecodedCache> cache)
    : Loader(std::make_shared<const std::vector<Sample>>(std::move(samples)), preprocess, std::move(options),
             std::move(cache)) {}

void Loader::prepare() {
  for (const OptionRef& option : options_in(options_, loader_options)) option.check();
  check_preprocess(preprocess_, "the network's input");
  DecodeOptions decode = decode_options_of(preprocess_, options_.max_pixels);
  for (const OptionRef& option : options_in(decode, decode_options)) option.check();
  std::shared_ptr<DecodedCache> own = DecodedCache::make(options_.cache);
  if (!cache_) cache_ = std::move(own);
  if (cache_) cache_owner_ = cache_->add_owner();
  normalizer_ = std::make_shared<const Normalizer>(preprocess_);
}

void Loader::draw_by(std::vector<std::uint64_t> draws) {
  draws_ = std::make_shared<const std::vector<std::uint64_t>>(std::move(draws));
}

std::unique_ptr<BatchStream> Loader::epoch(std::uint64_t epoch) const {
  const auto count = static_cast<std::uint32_t>(samples_->size());
  EpochPlan plan;
  SampleLoader& one = plan.loader;
  one.samples = samples_;
  one.preprocess = preprocess_;
  one.decode = decode_options_of(preprocess_, options_.max_pixels);
  one.min_scale = options_.min_scale;
  one.augment = options_.augment;
  one.place = options_.place;
  one.augmentation = options_.augmentation;
  one.seed = options_.seed;
  one.epoch = epoch;
  one.layout = options_.layout;
  one.normalizer = normalizer_;
  one.cache = cache_;
  one.cache_owner = cache_owner_;
  one.draws = draws_;
  plan.batch_size = std::min(static_cast<std::size_t>(options_.batch_size), std::max<std::size_t>(count, 1));
  plan.skip_bad = options_.skip_bad;
  plan.order = sample_order(*samples_, options_, epoch);
  if (options_.workers == 0 || count == 0) return direct_stream(std::move(plan));
  const auto workers = static_cast<std::size_t>(bounded_threads(options_.workers));
  return worker_stream(std::move(plan), workers, workers * static_cast<std::size_t>(options_.prefetch));
}

std::int64_t Loader::batches() const {
  return static_cast<std::int64_t>(
      batch_count(samples_->size(), static_cast<std::size_t>(options_.batch_size)));
}

}  // namespace graft
