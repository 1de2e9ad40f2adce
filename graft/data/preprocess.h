// The input transform of a network: a property of the weights, stored in the registry and in every model
// file. It contains everything that affects the pixels of a prediction, so that they are the same as in
// training.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "graft/core/option.h"
#include "graft/image/decode.h"
#include "graft/image/image.h"
#include "graft/image/resize.h"

namespace graft {

// How a whole image becomes a square for validation and prediction. crop: Resize(resize) and
// CenterCrop(crop), which drops the borders; squash: Resize((crop, crop)), which distorts; pad: scales the
// longer side to `crop` and fills the rest with the mean colour.
enum class Fit { crop, squash, pad };
template <>
struct EnumNames<Fit> {
  static constexpr std::array<const char*, 3> names = {"crop", "squash", "pad"};
};

// The square of the resized image that Fit::crop keeps: torchvision.transforms.FiveCrop. mirrored_centre: the
// centre crop of the mirrored image, one column off the centre if an odd number of columns is left over.
enum class CropPlace { centre, top_left, top_right, bottom_left, bottom_right, mirrored_centre };

// Validation: `fit` → [0, 1] → (x − mean) / std, per channel R, G, B.
struct Preprocess {
  int resize = 256;  // pixels of the shorter side
  int crop = 224;    // pixels of both sides
  Interpolation interpolation = Interpolation::bilinear;
  std::array<float, 3> mean = {0.485F, 0.456F, 0.406F};
  std::array<float, 3> std = {0.229F, 0.224F, 0.225F};
  Fit fit = Fit::crop;
  // How files are decoded, as in DecodeOptions.
  bool exif = false;
  std::string alpha = "drop";
  DecodeMode decode = DecodeMode::exact;

  bool operator==(const Preprocess&) const = default;
};

// For untrusted values: throws Error, which names `where`, unless resize and crop are 1 to 4096,
// interpolation is bilinear or bicubic, mean is finite, std is finite and above 0, and alpha is "drop" or a
// colour.
void check_preprocess(const Preprocess& preprocess, const std::string& where);

// The decode options of a preprocess.
DecodeOptions decode_options_of(const Preprocess& preprocess,
                                std::uint64_t max_pixels = DecodeOptions().max_pixels);

// The whole image by preprocess.fit, 8-bit: crop × crop × 3. The transform of validation and prediction.
Image transform_val(const ImageView& image, const Preprocess& preprocess);

}  // namespace graft
