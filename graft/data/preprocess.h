// The transforms. Preprocess is the input transform of a network: a property of the weights, stored in the
// registry and in every model file. It contains everything that affects the pixels of a prediction, so that
// they are the same as in training. AugmentOptions is the training transform.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "graft/core/option.h"
#include "graft/image/codec.h"
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

// Sets `crop`, and scales `resize` so that a centre crop keeps the same part of an image (timm: a constant
// crop_pct).
void set_input_size(Preprocess& preprocess, int side);

// For untrusted values: throws Error, which names `where`, unless resize and crop are 1 to 4096,
// interpolation is bilinear or bicubic, mean is finite, std is finite and above 0, and alpha is "drop" or a
// colour.
void check_preprocess(const Preprocess& preprocess, const std::string& where);

// The decode options of a preprocess.
DecodeOptions decode_options_of(const Preprocess& preprocess,
                                std::uint64_t max_pixels = DecodeOptions().max_pixels);

// The whole image by preprocess.fit, 8-bit: crop × crop × 3. The transform of validation and prediction.
Image transform_val(const ImageView& image, const Preprocess& preprocess);

// A policy of random changes in shape and colour. none; trivial: one change of any strength (TrivialAugment);
// rand: several of one strength (RandAugment).
enum class AutoAugment { none, trivial, rand };
template <>
struct EnumNames<AutoAugment> {
  static constexpr std::array<const char*, 3> names = {"none", "trivial", "rand"};
};

// The random crop, the flip, and further changes, which are off by default.
struct AugmentOptions {
  double min_scale = 0.08;  // of the random crops, as a fraction of the image (torchvision's default)
  AutoAugment auto_augment = AutoAugment::none;
  int rand_ops = 2;        // for AutoAugment::rand: changes per image
  int rand_magnitude = 9;  // their strength, from 0 to 30
  // ColorJitter (color_jitter.h): factors from 1 − this (at least 0) to 1 + this.
  double jitter_brightness = 0, jitter_contrast = 0, jitter_saturation = 0;
  double jitter_hue = 0;    // shifts from −this to this, in whole circles
  double random_erase = 0;  // RandomErasing (random_erasing.h): its probability

  bool jitters() const {
    return jitter_brightness > 0 || jitter_contrast > 0 || jitter_saturation > 0 || jitter_hue > 0;
  }
  // Whether the 8-bit image is changed before normalisation.
  bool changes_pixels() const { return auto_augment != AutoAugment::none || jitters(); }
  // Whether there is any augmentation besides crop and flip.
  bool any() const { return changes_pixels() || random_erase > 0; }
};
inline constexpr auto augment_options = options_of<AugmentOptions>(
    section("Augmentation"),
    option<&AugmentOptions::min_scale>(0.001, 1, "smallest fraction of a picture in a random crop"),
    option<&AugmentOptions::auto_augment>(
        "random changes of training pictures: trivial: TrivialAugment, one of any strength; rand: "
        "RandAugment, several of one strength"),
    option<&AugmentOptions::rand_ops>(1, 14, "for `auto_augment` rand: number of changes per picture"),
    option<&AugmentOptions::rand_magnitude>(0, 30, "for `auto_augment` rand: strength of the changes"),
    option<&AugmentOptions::jitter_brightness>(0, 10,
                                               "brightness is multiplied by 1 - this to 1 + this; 0: off"),
    option<&AugmentOptions::jitter_contrast>(0, 10, "contrast, the same"),
    option<&AugmentOptions::jitter_saturation>(0, 10, "saturation, the same"),
    option<&AugmentOptions::jitter_hue>(0, 0.5,
                                        "hue is shifted by at most this fraction of the colour circle"),
    option<&AugmentOptions::random_erase>(0, 1,
                                          "probability that a rectangle of a training picture is erased"));

}  // namespace graft
