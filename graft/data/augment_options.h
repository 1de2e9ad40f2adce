// The training transform: random crop, flip, and optional augmentations, which are off by default.
#pragma once

#include <array>

#include "graft/core/option.h"

namespace graft {

// A policy of random changes in shape and colour. none; trivial: one change of any strength (TrivialAugment);
// rand: several of one strength (RandAugment).
enum class AutoAugment { none, trivial, rand };
template <>
struct EnumNames<AutoAugment> {
  static constexpr std::array<const char*, 3> names = {"none", "trivial", "rand"};
};

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
