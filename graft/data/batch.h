// What the loader gives: images, labels and where they came from.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace graft {

// How the floats of a batch are laid out: planar N × 3 × size × size, channels_last N × size × size × 3.
enum class BatchLayout { planar, channels_last };

struct Batch {
  std::int64_t count = 0;              // N
  int size = 0;                        // height and width of every image
  std::shared_ptr<float[]> images;     // N images of 3 × size × size floats, normalised
  std::vector<std::int64_t> labels;    // N
  std::vector<std::uint32_t> indices;  // N: which samples of the loader's list
  BatchLayout layout = BatchLayout::planar;
};

}  // namespace graft
