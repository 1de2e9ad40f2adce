// How a network wants its input: a property of the weights, carried by the registry and by every model file.
// What decides the pixels of a prediction belongs here: it is then the same as in training.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "graft/core/option.h"
#include "graft/image/decode.h"
#include "graft/image/image.h"
#include "graft/image/resize.h"

namespace graft {

// How a whole picture becomes a square one, for validation and prediction. crop: Resize(resize) and
// CenterCrop(crop), which loses what lies outside; squash: Resize((crop, crop)), which distorts; pad: the
// longer side to `crop`, the rest filled with the mean colour, so that the network sees all of it, smaller.
enum class Fit { crop, squash, pad };
template <>
struct EnumNames<Fit> {
  static constexpr std::array<const char*, 3> names = {"crop", "squash", "pad"};
};

// Where the square lies that Fit::crop takes of the resized picture: torchvision.transforms.FiveCrop.
// mirrored_centre: what the centre of the mirrored picture shows, a column beside the centre where an odd
// number of columns is left over.
enum class CropPlace { centre, top_left, top_right, bottom_left, bottom_right, mirrored_centre };

// Validation: `fit` → [0, 1] → (x − mean) / std, per channel R, G, B.
struct Preprocess {
  int resize = 256;  // pixels of the shorter side
  int crop = 224;    // pixels of both sides
  Interpolation interpolation = Interpolation::bilinear;
  std::array<float, 3> mean = {0.485F, 0.456F, 0.406F};
  std::array<float, 3> std = {0.229F, 0.224F, 0.225F};
  Fit fit = Fit::crop;
  // Of the files that pictures are decoded from, as DecodeOptions has them.
  bool exif = false;
  std::string alpha = "drop";
  DecodeMode decode = DecodeMode::exact;

  bool operator==(const Preprocess&) const = default;
};

// For values that came from outside: throws Error that names `where` unless resize and crop are 1 to 4096,
// interpolation is bilinear or bicubic, mean is finite, std finite and above 0, and alpha "drop" or a colour.
void check_preprocess(const Preprocess& preprocess, const std::string& where);

// How its pictures are decoded.
DecodeOptions decode_options_of(const Preprocess& preprocess,
                                std::uint64_t max_pixels = DecodeOptions().max_pixels);

// The whole picture as preprocess.fit says, still 8-bit: crop × crop × 3. As validation and prediction see
// it.
Image transform_val(const ImageView& image, const Preprocess& preprocess);

}  // namespace graft
