// The changes of pixels that augmentation is made of: the functions of torchvision.transforms.functional on
// PIL images, equal in every 8-bit value. Each picture keeps its size. Thread-safe.
#pragma once

#include "graft/image/image.h"

namespace graft {

// Shearing, moving and turning by the nearest pixel, black where nothing was: torchvision's affine and rotate
// with their default interpolation (Pillow's 16.16 fixed-point transform). Sides of up to 8192 pixels equal
// Pillow's; far larger ones it computes otherwise.

// Each row is moved left by slope × its distance from the top; affine(shear=[atan(slope), 0], center=[0, 0]),
// the ShearX of torchvision's policies.
Image shear_x(const ImageView& image, double slope);
// Each column is moved up by slope × its distance from the left; ShearY.
Image shear_y(const ImageView& image, double slope);
// Right and down by whole pixels; TranslateX and TranslateY.
Image translate(const ImageView& image, int right, int down);
// Counter-clockwise about the centre; torchvision's rotate(angle).
Image rotate(const ImageView& image, double degrees);

// Brightness, colour, contrast and sharpness (Pillow's ImageEnhance), in place. Factor 1 leaves the picture
// as it is, 0 takes the quality away, more than 1 gives more of it. Throws UsageError for a factor that is
// not a number from 0 to largest_factor.
inline constexpr double largest_factor = 1e6;

// 0: black.
void adjust_brightness(Image& image, double factor);
// 0: grey.
void adjust_saturation(Image& image, double factor);
// 0: one grey, that of the mean.
void adjust_contrast(Image& image, double factor);
// 0: smoothed (a 3 × 3 filter; pixels at the edge stay).
void adjust_sharpness(Image& image, double factor);

// Turns the hue of every pixel, in place, by this share of the whole circle (Pillow's 8-bit HSV). Shift 0 too
// rounds to HSV and back, as torchvision does. Throws UsageError for a shift outside −0.5 to 0.5.
void adjust_hue(Image& image, double shift);

// Changes of the values of each channel by itself (Pillow's ImageOps), in place.

// Keeps this many of the 8 bits of each value; throws UsageError unless 1 to 8.
void posterize(Image& image, int bits);
// Values at or above the threshold become 255 − value.
void solarize(Image& image, double threshold);
// Stretches each channel so that its least value becomes 0 and its largest 255.
void autocontrast(Image& image);
// Spreads the values of each channel so that all are about equally frequent.
void equalize(Image& image);

}  // namespace graft
