// Worker threads that read, decode, transform and collate ahead of the consumer.
//
//   Loader loader(samples, preprocess, options, {.shuffle = true});
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
#include "graft/data/folder.h"
#include "graft/data/preprocess.h"
#include "graft/image/decode.h"

namespace graft {

class DecodedCache;  // graft/data/decoded_cache.h
class Normalizer;

struct LoaderOptions {
  int batch_size = 4;
  int workers = 4;        // threads; 0 loads in the caller's thread
  int prefetch = 2;       // batches ahead of the consumer, for each worker
  bool skip_bad = false;  // leave unreadable pictures out (and count them) instead of stopping
};
inline constexpr auto loader_options = options_of<LoaderOptions>(
    option<&LoaderOptions::batch_size>(1, 65'536, "pictures in a batch"),
    option<&LoaderOptions::workers>(0, 1024,
                                    "threads that read and transform pictures; 0: none beside the main one"),
    option<&LoaderOptions::prefetch>(1, 1024, "batches made ready ahead, for each worker"),
    option<&LoaderOptions::skip_bad>("leave unreadable pictures out, and count them, instead of stopping"));

// How the floats of a batch are laid out: planar N × 3 × size × size, channels_last N × size × size × 3.
enum class BatchLayout { planar, channels_last };

enum class Sampling { each, balanced };

// What a pass over samples is for: facts that the code that makes a loader knows, beside what its user sets.
struct LoaderPass {
  bool shuffle = false;
  Sampling sampling = Sampling::each;     // balanced has an order of its own, whatever `shuffle` says
  std::optional<AugmentOptions> augment;  // of the training transform; nothing: the validation transform
  CropPlace place = CropPlace::centre;    // of the validation transform's square
  std::uint64_t seed = 0;
  BatchLayout layout = BatchLayout::planar;               // channels_last where the network computes so
  std::uint64_t max_pixels = DecodeOptions().max_pixels;  // the rest of DecodeOptions is the preprocess's
  // Of several processes that train one network: `rank` of `world_size` takes its part of each batch. The
  // batches of an epoch hold the same samples in the same order whatever the world size.
  int rank = 0, world_size = 1;
  // Gives batches without a sample too, where a rank's part is empty or no sample of it can be read: every
  // rank then sees as many batches.
  bool empty_batches = false;
};

struct Batch {
  std::int64_t count = 0;              // N
  int size = 0;                        // height and width of every image
  std::shared_ptr<float[]> images;     // N images of 3 × size × size floats, normalised
  std::vector<std::int64_t> labels;    // N
  std::vector<std::uint32_t> indices;  // N: which samples of the loader's list
  BatchLayout layout = BatchLayout::planar;
};

struct BadImage {
  std::string path, message;
};

// One pass over the samples. Used by one thread. Destroying it stops the workers, each after the picture at
// hand. Batches may be kept for longer than the stream; their memory is used again when they are dropped.
class BatchStream {
 public:
  virtual ~BatchStream() = default;
  // The next batch, or nothing at the end. The last one may be smaller; a batch of which every picture was
  // skipped is left out unless LoaderPass::empty_batches. Throws the Error of a bad picture unless skip_bad:
  // always that of the first one in the order of the samples; a further call gives the batch after it.
  virtual std::optional<Batch> next() = 0;
  // Pictures left out so far.
  virtual const std::vector<BadImage>& bad() const = 0;
};

using SharedSamples = std::shared_ptr<const std::vector<Sample>>;

class Loader {
 public:
  // Throws UsageError for options out of range, Error for a preprocess that cannot be (check_preprocess).
  // Decoded pictures are kept in `cache`, which several loaders may share; null: none are.
  Loader(std::vector<Sample> samples, Preprocess preprocess, LoaderOptions options, LoaderPass pass = {},
         std::shared_ptr<DecodedCache> cache = nullptr);
  // The same for samples that are shared: a std::shared_ptr<const std::vector<Sample>>, not null. (A template
  // so that `{}` still means no samples.)
  template <std::convertible_to<SharedSamples> Samples>
  Loader(Samples samples, Preprocess preprocess, LoaderOptions options, LoaderPass pass = {},
         std::shared_ptr<DecodedCache> cache = nullptr)
      : samples_(std::move(samples)),
        preprocess_(preprocess),
        options_(options),
        pass_(pass),
        cache_(std::move(cache)) {
    prepare();
  }
  // From here on a sample's augmentation follows from (seed, epoch, draws[index]), one number a sample,
  // rather than from its place in the list: the same for a picture in whatever company.
  void draw_by(std::vector<std::uint64_t> draws);
  // Starts a pass: the order of the samples and their augmentation follow from (seed, epoch). Thread-safe.
  std::unique_ptr<BatchStream> epoch(std::uint64_t epoch) const;
  const std::vector<Sample>& samples() const { return *samples_; }
  // Of an epoch, on every rank.
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
