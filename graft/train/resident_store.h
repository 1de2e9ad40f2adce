// Pictures that stay on the device, as 8-bit pixels: read, decoded and uploaded once.
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
  std::int64_t first = 0;  // the number of its first pixel
  Size stored;             // 0 × 0 for a picture that could not be read
  Size whole;              // of the picture in its file
};

struct ResidentStore {
  torch::Tensor pixels;                 // P×3, uint8, one picture after another, row by row
  std::vector<StoredPicture> pictures;  // one a sample
  std::vector<BadImage> bad;

  std::uint64_t bytes() const { return static_cast<std::uint64_t>(pixels.numel()); }
};

// Reads with options.workers threads and keeps what `make` gives. Nothing where that is more than `budget`
// bytes or than the device has; while it is filled twice as much is in use. Throws the Error of a bad picture
// unless options.skip_bad.
std::optional<ResidentStore> fill_store(const std::vector<Sample>& samples, const DecodeOptions& decode,
                                        const LoaderOptions& options, const PictureMaker& make,
                                        const torch::Device& device, std::uint64_t budget,
                                        const ProgressCallback& progress = {});

// How much of a device's free memory pictures may take, by the option --cache: with "auto" a quarter, with a
// size that much, but never more than a third; 0 with "off".
std::uint64_t resident_budget(const std::string& cache, std::uint64_t free_bytes);

}  // namespace graft
