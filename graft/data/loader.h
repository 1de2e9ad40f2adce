// Loads batches with worker threads that read, decode, transform and collate ahead of the consumer.
//
//   Loader loader(samples, preprocess, options, {.shuffle = true});
//   for (auto stream = loader.epoch(0); auto batch = stream->next();) { ... }
//
// For a given seed, batches have the same order and pixels for any number of workers. At most workers ×
// prefetch batches of batch_size × 3 × crop × crop floats are complete or being filled, besides those that
// the caller holds.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "graft/core/option.h"
#include "graft/data/folder.h"
#include "graft/data/preprocess.h"
#include "graft/image/codec.h"

namespace graft {

class DecodedCache;  // graft/data/decoded_cache.h
class Normalizer;

struct LoaderOptions {
  int batch_size = 4;
  int workers = 4;        // threads; 0 loads in the caller's thread
  int prefetch = 2;       // batches ahead of the consumer, per worker
  bool skip_bad = false;  // skip (and count) unreadable pictures instead of stopping
};
inline constexpr auto loader_options = options_of<LoaderOptions>(
    option<&LoaderOptions::batch_size>(1, 65'536, "pictures in a batch"),
    option<&LoaderOptions::workers>(0, 1024,
                                    "threads that read and transform pictures; 0: the main thread only"),
    option<&LoaderOptions::prefetch>(1, 1024, "batches prefetched per worker"),
    option<&LoaderOptions::skip_bad>("leave unreadable pictures out, and count them, instead of stopping"));

// The layout of a batch's floats: planar N × 3 × size × size, channels_last N × size × size × 3.
enum class BatchLayout { planar, channels_last };

enum class Sampling { each, balanced };

// Properties of a pass over samples that the calling code sets, as opposed to LoaderOptions.
struct LoaderPass {
  bool shuffle = false;
  Sampling sampling = Sampling::each;     // balanced ignores `shuffle`
  std::optional<AugmentOptions> augment;  // for the training transform; empty: the validation transform
  CropPlace place = CropPlace::centre;    // of the validation crop
  std::uint64_t seed = 0;
  BatchLayout layout = BatchLayout::planar;               // channels_last if the network uses it
  std::uint64_t max_pixels = DecodeOptions().max_pixels;  // the other DecodeOptions are in the preprocess
  // For several processes that train one network: `rank` of `world_size` loads its part of each batch. The
  // batches of an epoch have the same samples in the same order for any world size.
  int rank = 0, world_size = 1;
  // Returns batches without samples too, if a rank's part is empty or none of its samples can be read, so
  // that all ranks have the same number of batches.
  bool empty_batches = false;
};

struct Batch {
  std::int64_t count = 0;              // N
  int size = 0;                        // height and width of every image
  std::shared_ptr<float[]> images;     // N images of 3 × size × size floats, normalised
  std::vector<std::int64_t> labels;    // N
  std::vector<std::uint32_t> indices;  // N: indices into the loader's samples
  BatchLayout layout = BatchLayout::planar;
};

struct BadImage {
  std::string path, message;
};

// One pass over the samples. For one thread. The destructor stops the workers, each after its current
// picture. Batches may outlive the stream; their memory is reused when they are released.
class BatchStream {
 public:
  virtual ~BatchStream() = default;
  // The next batch, or nothing at the end. The last one may be smaller. A batch whose pictures were all
  // skipped is omitted unless LoaderPass::empty_batches. Throws the Error of an unreadable picture unless
  // skip_bad, always that of the first one in sample order; the next call returns the batch after it.
  virtual std::optional<Batch> next() = 0;
  // Pictures skipped so far.
  virtual const std::vector<BadImage>& bad() const = 0;
};

using SharedSamples = std::shared_ptr<const std::vector<Sample>>;

class Loader {
 public:
  // Throws UsageError for options out of range, and Error for an invalid preprocess (check_preprocess).
  // Decoded images are kept in `cache`, which several loaders may share; null: no caching.
  Loader(std::vector<Sample> samples, Preprocess preprocess, LoaderOptions options, LoaderPass pass = {},
         std::shared_ptr<DecodedCache> cache = nullptr);
  // The same with shared samples: a std::shared_ptr<const std::vector<Sample>>, not null. (A template, so
  // that `{}` still means no samples.)
  template <std::convertible_to<SharedSamples> Samples>
  Loader(Samples samples, Preprocess preprocess, LoaderOptions options, LoaderPass pass = {},
         std::shared_ptr<DecodedCache> cache = nullptr)
      : samples_(std::move(samples)),
        preprocess_(std::move(preprocess)),
        options_(options),
        pass_(pass),
        cache_(std::move(cache)) {
    prepare();
  }
  // From now on a sample's augmentation depends on (seed, epoch, draws[index]), one number per sample, rather
  // than on its index, so that it is the same in any selection of samples.
  void draw_by(std::vector<std::uint64_t> draws);
  // Starts a pass. Order and augmentation of the samples depend on (seed, epoch). Thread-safe.
  std::unique_ptr<BatchStream> epoch(std::uint64_t epoch) const;
  const std::vector<Sample>& samples() const { return *samples_; }
  // Batches per epoch, the same on every rank.
  std::int64_t batches() const;

 private:
  void prepare();

  SharedSamples samples_;
  Preprocess preprocess_;
  LoaderOptions options_;
  LoaderPass pass_;
  std::shared_ptr<DecodedCache> cache_;
  std::uint32_t cache_owner_ = 0;
  std::shared_ptr<const Normalizer> normalizer_;
  std::shared_ptr<const std::vector<std::uint64_t>> draws_;
};

}  // namespace graft
