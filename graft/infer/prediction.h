// What a prediction is and how it is asked for; no torch.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "graft/data/loader.h"

namespace graft {

// Test-time augmentation: how often a picture is looked at; what it shows is the mean of the probabilities.
// flip: the picture and its mirror image. crops: the centre and the four corners, each with its mirror image
// (torchvision.transforms.TenCrop).
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

struct ClassScore {
  std::int64_t index = 0;  // of the class
  double probability = 0;  // softmax; sigmoid of a multi-label model, whose classes do not add up to 1

  bool operator==(const ClassScore&) const = default;
};

struct Prediction {
  std::string path;
  std::vector<ClassScore> top;  // most probable first, at most top_k
};

struct PredictOptions {
  int top_k = 1;
  Tta tta = Tta::off;
  LoaderOptions loader = {};                              // its batch_size is a matter of speed alone
  std::uint64_t max_pixels = DecodeOptions().max_pixels;  // larger pictures are refused
};

// Called for every picture that could be read, in the order given.
using PredictionCallback = std::function<void(const Prediction&)>;

}  // namespace graft
