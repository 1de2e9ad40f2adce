// ToTensor and Normalize for many pictures of one loader.
#pragma once

#include <array>

#include "graft/data/loader.h"
#include "graft/data/preprocess.h"
#include "graft/image/image.h"

namespace graft {

// What each of the 256 values becomes in each channel is worked out once. Thread-safe.
class Normalizer {
 public:
  explicit Normalizer(const Preprocess& preprocess);

  // Writes the picture, mirrored where `flip` says so, as height × width × 3 floats of that layout.
  void write(const ImageView& image, bool flip, BatchLayout layout, float* out) const;

 private:
  using ValueTable = std::array<float, 256>;
  std::array<ValueTable, 3> tables_;  // red, green, blue
};

}  // namespace graft
