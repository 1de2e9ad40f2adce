// How predictions are asked for (what they are: task/prediction.h); no torch.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "graft/data/loader.h"
#include "graft/task/prediction.h"

namespace graft {

// Test-time augmentation: how often a picture is looked at; the answer is the mean of the probabilities, or
// of the numbers. flip: the picture and its mirror image. crops: the centre and the four corners, each with
// its mirror image (torchvision.transforms.TenCrop).
enum class Tta { off, flip, crops };
template <>
struct EnumNames<Tta> {
  static constexpr std::array<const char*, 3> names = {"off", "flip", "crops"};
};

struct TestTimeOptions {
  Tta tta = Tta::off;
};
inline constexpr auto test_time_options = options_of<TestTimeOptions>(
    option<&TestTimeOptions::tta>("test-time augmentation: flip: mirrored too; crops: centre and corners, "
                                  "mirrored too: ten looks at each picture"));

struct PredictOptions {
  int top_k = 1;
  Tta tta = Tta::off;
  LoaderOptions loader = {};                              // its batch_size is a matter of speed alone
  std::uint64_t max_pixels = DecodeOptions().max_pixels;  // larger pictures are refused
  // Where a picture may show several classes: the probability from which a class is named, 0 to 1. Below 0:
  // one half.
  double threshold = -1;
};

// Called for every picture that could be read, in the order given.
using PredictionCallback = std::function<void(const Prediction&)>;

}  // namespace graft
