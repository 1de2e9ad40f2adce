// Worker threads that read, decode, transform and collate ahead of the consumer.
//
//   Loader loader(samples, preprocess, options);
//   for (auto stream = loader.epoch(0); auto batch = stream->next();) { ... }
//
// Batches come in the same order with the same pixels for a seed whatever the number of workers. Ready or in
// the making are at most workers × prefetch batches of batch_size × 3 × crop × crop floats, beside those the
// caller holds.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "graft/core/option.h"
#include "graft/data/augment_options.h"
#include "graft/data/batch.h"
#include "graft/data/decoded_cache.h"
#include "graft/data/folder.h"
#include "graft/data/normalize.h"
#include "graft/data/preprocess.h"
#include "graft/image/decode.h"

namespace graft {

enum class Sampling { each, balanced };

struct LoaderOptions {
  int batch_size = 4;
  int workers = 4;   // threads; 0 loads in the caller's thread
  int prefetch = 2;  // batches ahead of the consumer, for each worker
  bool shuffle = false;
  Sampling sampling = Sampling::each;  // balanced has an order of its own, whatever `shuffle` says
  bool augment = false;                // the training transform rather than the validation one
  double min_scale = 0.08;  // of its random crops, as a share of the picture (torchvision's default)
  CropPlace place = CropPlace::centre;  // of the validation transform's square
  bool skip_bad = false;                // leave unreadable pictures out (and count them) instead of stopping
  std::uint64_t seed = 0;
  BatchLayout layout = BatchLayout::planar;  // channels_last where the network computes so
  // Memory for pictures that stay decoded from one epoch to the next (decoded_cache.h): "auto", "off", or a
  // size such as "500M" or "2G". Of no use for one pass alone. No pixel depends on it.
  std::string cache = "auto";
  std::uint64_t max_pixels = DecodeOptions().max_pixels;  // the rest of DecodeOptions is the preprocess's
  AugmentOptions augmentation;                            // of the training transform, beside crop and flip
};
inline constexpr auto loader_options = options_of<LoaderOptions>(
    option<&LoaderOptions::batch_size>(1, 65'536, "pictures in a batch"),
    option<&LoaderOptions::workers>(0, 1024,
                                    "threads that read and transform pictures; 0: none beside the main one"),
    option<&LoaderOptions::prefetch>(1, 1024, "batches made ready ahead, for each worker"),
    internal<&LoaderOptions::shuffle>(), internal<&LoaderOptions::sampling>(),
    internal<&LoaderOptions::augment>(),
    option<&LoaderOptions::min_scale>(0.001, 1, "smallest share of a picture that a random crop shows"),
    internal<&LoaderOptions::place>(),
    option<&LoaderOptions::skip_bad>("leave unreadable pictures out, and count them, instead of stopping"),
    internal<&LoaderOptions::seed>(), internal<&LoaderOptions::layout>(),
    option<&LoaderOptions::cache>("memory for decoded pictures: auto (a quarter of what is free, at most "
                                  "2G), off, or a size such as 500M"),
    internal<&LoaderOptions::max_pixels>(), group<&LoaderOptions::augmentation>(augment_options));

struct BadImage {
  std::string path, message;
};

// One pass over the samples. Used by one thread. Destroying it stops the workers, each after the picture at
// hand. Batches may be kept for longer than the stream; their memory is used again when they are dropped.
class BatchStream {
 public:
  virtual ~BatchStream() = default;
  // The next batch, or nothing at the end. The last one may be smaller; a batch of which every picture was
  // skipped is left out. Throws the Error of a bad picture unless skip_bad: always that of the first one in
  // the order of the samples; a further call gives the batch after it.
  virtual std::optional<Batch> next() = 0;
  // Pictures left out so far.
  virtual const std::vector<BadImage>& bad() const = 0;
};

using SharedSamples = std::shared_ptr<const std::vector<Sample>>;

class Loader {
 public:
  // Throws UsageError for options out of range, Error for a preprocess that cannot be (check_preprocess).
  // With `cache`, decoded pictures are kept there, whatever options.cache says: so several loaders share one
  // budget.
  Loader(std::vector<Sample> samples, Preprocess preprocess, LoaderOptions options,
         std::shared_ptr<DecodedCache> cache = nullptr);
  // The same for samples that are shared: a std::shared_ptr<const std::vector<Sample>>, not null. (A template
  // so that `{}` still means no samples.)
  template <std::convertible_to<SharedSamples> Samples>
  Loader(Samples samples, Preprocess preprocess, LoaderOptions options,
         std::shared_ptr<DecodedCache> cache = nullptr)
      : samples_(std::move(samples)),
        preprocess_(preprocess),
        options_(std::move(options)),
        cache_(std::move(cache)) {
    prepare();
  }
  // From here on a sample's augmentation follows from (seed, epoch, draws[index]), one number a sample,
  // rather than from its place in the list: the same for a picture in whatever company.
  void draw_by(std::vector<std::uint64_t> draws);
  // Starts a pass: the order of the samples and their augmentation follow from (seed, epoch). Thread-safe.
  std::unique_ptr<BatchStream> epoch(std::uint64_t epoch) const;
  const std::vector<Sample>& samples() const { return *samples_; }
  std::int64_t batches() const;
  // Null where nothing is kept.
  const std::shared_ptr<DecodedCache>& cache() const { return cache_; }

 private:
  void prepare();

  SharedSamples samples_;
  Preprocess preprocess_;
  LoaderOptions options_;
  std::shared_ptr<DecodedCache> cache_;
  std::uint32_t cache_owner_ = 0;
  std::shared_ptr<const Normalizer> normalizer_;
  std::shared_ptr<const std::vector<std::uint64_t>> draws_;
};

}  // namespace graft
