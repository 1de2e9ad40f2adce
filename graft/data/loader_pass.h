// What a pass over samples is for: facts that the code that makes a loader knows, beside what its user sets
// (LoaderOptions).
#pragma once

#include <cstdint>
#include <optional>

#include "graft/data/augment_options.h"
#include "graft/data/batch.h"
#include "graft/data/preprocess.h"
#include "graft/image/decode.h"

namespace graft {

enum class Sampling { each, balanced };

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

}  // namespace graft
