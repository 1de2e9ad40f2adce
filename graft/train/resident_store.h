// Images stored on the device as 8-bit pixels: read, decoded and uploaded once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "graft/core/progress.h"
#include "graft/data/picture_block.h"
#include "graft/device/torch.h"

namespace graft {

struct StoredPicture {
  std::int64_t first = 0;  // the index of its first pixel
  Size stored;             // 0 × 0 for an unreadable picture
  Size whole;              // of the picture in its file
};

struct ResidentStore {
  torch::Tensor pixels;                 // P×3, uint8, one image after another, row by row
  std::vector<StoredPicture> pictures;  // one per sample
  std::vector<BadImage> bad;

  std::uint64_t bytes() const { return static_cast<std::uint64_t>(pixels.numel()); }
};

// Reads with options.workers threads and stores the results of `make`. Empty if they exceed `budget` bytes or
// the device's memory; filling needs twice as much memory. Throws the Error of a bad picture unless
// options.skip_bad.
std::optional<ResidentStore> fill_store(const std::vector<Sample>& samples, const DecodeOptions& decode,
                                        const LoaderOptions& options, const PictureMaker& make,
                                        const torch::Device& device, std::uint64_t budget,
                                        const ProgressCallback& progress = {});

// The device memory that images may use, by the option --cache: "auto": a quarter of the free memory; a size:
// that size, at most a third of the free memory; "off": 0.
std::uint64_t resident_budget(const std::string& cache, std::uint64_t free_bytes);

}  // namespace graft
