#include "graft/data/loader.h"

#include <utility>

#include "graft/core/processors.h"
#include "graft/data/epoch_plan.h"
#include "graft/data/sample_order.h"

namespace graft {

Loader::Loader(std::vector<Sample> samples, Preprocess preprocess, LoaderOptions options, LoaderPass pass,
               std::shared_ptr<DecodedCache> cache)
    : Loader(std::make_shared<const std::vector<Sample>>(std::move(samples)), preprocess, options, pass,
             std::move(cache)) {}

void Loader::prepare() {
  for (const OptionRef& option : options_in(options_, loader_options)) option.check();
  if (pass_.augment) {
    for (const OptionRef& option : options_in(*pass_.augment, augment_options)) option.check();
  }
  check_preprocess(preprocess_, "the network's input");
  DecodeOptions decode = decode_options_of(preprocess_, pass_.max_pixels);
  for (const OptionRef& option : options_in(decode, decode_options)) option.check();
  if (cache_) cache_owner_ = cache_->add_owner();
  normalizer_ = std::make_shared<const Normalizer>(preprocess_);
}

void Loader::draw_by(std::vector<std::uint64_t> draws) {
  draws_ = std::make_shared<const std::vector<std::uint64_t>>(std::move(draws));
}

std::unique_ptr<BatchStream> Loader::epoch(std::uint64_t epoch) const {
  EpochPlan plan{{samples_, preprocess_, pass_, epoch, normalizer_, cache_, cache_owner_, draws_},
                 BatchOrder(sample_order(*samples_, pass_, epoch),
                            static_cast<std::size_t>(options_.batch_size), pass_.rank, pass_.world_size),
                 options_.skip_bad,
                 pass_.empty_batches};
  if (options_.workers == 0 || plan.order.samples().empty()) return direct_stream(std::move(plan));
  const auto workers = static_cast<std::size_t>(bounded_threads(options_.workers));
  return worker_stream(std::move(plan), workers, workers * static_cast<std::size_t>(options_.prefetch));
}

std::int64_t Loader::batches() const {
  return static_cast<std::int64_t>(
      batch_count(samples_->size(), static_cast<std::size_t>(options_.batch_size)));
}

}  // namespace graft
