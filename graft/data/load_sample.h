// Loads one sample of one epoch from its file into its slot in a batch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "graft/data/augment_sample.h"
#include "graft/data/crop_plan.h"
#include "graft/data/decoded_cache.h"
#include "graft/data/folder.h"
#include "graft/data/loader.h"
#include "graft/data/normalize.h"
#include "graft/data/preprocess.h"

namespace graft {

// Pure: the pixels depend only on the fields and the index, not on the thread, earlier loads or the cache.
// With a cache, training keeps whole decoded images and validation keeps the finished 8-bit crops.
struct SampleLoader {
  std::shared_ptr<const std::vector<Sample>> samples;
  Preprocess preprocess;
  LoaderPass pass;  // augmentation is drawn from (pass.seed, epoch, index or draws[index])
  std::uint64_t epoch = 0;
  std::shared_ptr<const Normalizer> normalizer;  // for `preprocess`
  std::shared_ptr<DecodedCache> cache;           // null: no caching
  std::uint32_t cache_owner = 0;
  std::shared_ptr<const std::vector<std::uint64_t>> draws;  // null: draws are by index

  const Sample& sample(std::uint32_t index) const { return (*samples)[index]; }
  // Floats per image: 3 × crop × crop.
  std::size_t image_floats() const;
  // Reads, decodes, transforms and normalises into `out`. Throws Error if the picture cannot be read.
  // Thread-safe.
  void load(std::uint32_t index, float* out) const;

 private:
  void load_train(std::uint32_t index, float* out) const;
  void load_val(std::uint32_t index, float* out) const;
  void finish_train(Image image, bool flip, std::uint32_t index, float* out) const;
  CropPlan plan_train(const Size& picture, std::uint32_t index) const;
  DecodeOptions decode() const { return decode_options_of(preprocess, pass.max_pixels); }
  std::uint64_t identity(std::uint32_t index) const { return draws ? (*draws)[index] : index; }
  DecodedCache::Entry find_for_training(std::uint32_t index) const;
};

}  // namespace graft
