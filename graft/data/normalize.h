// ToTensor and Normalize for the images of a loader.
#pragma once

#include <array>

#include "graft/data/loader.h"
#include "graft/data/preprocess.h"
#include "graft/image/image.h"

namespace graft {

// Uses a table of the 256 results per channel. Thread-safe.
class Normalizer {
 public:
  explicit Normalizer(const Preprocess& preprocess);

  // Writes the image, mirrored if `flip` is set, as height × width × 3 floats in that layout.
  void write(const ImageView& image, bool flip, BatchLayout layout, float* out) const;

 private:
  using ValueTable = std::array<float, 256>;
  std::array<ValueTable, 3> tables_;  // red, green, blue
};

}  // namespace graft
