// The pixel operations of augmentation: the functions of torchvision.transforms.functional on PIL images,
// equal in every 8-bit value. The image's size is unchanged. Thread-safe.
#pragma once

#include "graft/image/image.h"

namespace graft {

// Shear, translation and rotation by the nearest pixel, with black where the input has none: torchvision's
// affine and rotate with their default interpolation (Pillow's 16.16 fixed-point transform). Equal to Pillow
// for sides of up to 8192 pixels; Pillow computes far larger images differently.

// Each row is moved left by slope × its distance from the top; affine(shear=[atan(slope), 0], center=[0, 0]),
// the ShearX of torchvision's policies.
Image shear_x(const ImageView& image, double slope);
// Each column is moved up by slope × its distance from the left; ShearY.
Image shear_y(const ImageView& image, double slope);
// Right and down by whole pixels; TranslateX and TranslateY.
Image translate(const ImageView& image, int right, int down);
// Counter-clockwise about the centre; torchvision's rotate(angle).
Image rotate(const ImageView& image, double degrees);

// Brightness, colour, contrast and sharpness (Pillow's ImageEnhance), in place. Factor 1 leaves the image
// unchanged, 0 removes the quality, more than 1 increases it. Throws UsageError for a factor that is not a
// number from 0 to largest_factor.
inline constexpr double largest_factor = 1e6;

// 0: black.
void adjust_brightness(Image& image, double factor);
// 0: grey.
void adjust_saturation(Image& image, double factor);
// 0: uniform grey, the mean.
void adjust_contrast(Image& image, double factor);
// 0: smoothed (a 3 × 3 filter; pixels at the edge are unchanged).
void adjust_sharpness(Image& image, double factor);

// Rotates the hue of every pixel, in place, by this fraction of the whole circle (Pillow's 8-bit HSV). Shift
// 0 also rounds to HSV and back, as torchvision does. Throws UsageError for a shift outside −0.5 to 0.5.
void adjust_hue(Image& image, double shift);

// Operations on each channel separately (Pillow's ImageOps), in place.

// Keeps this many of the 8 bits of each value; throws UsageError unless `bits` is 1 to 8.
void posterize(Image& image, int bits);
// Values at or above the threshold become 255 − value.
void solarize(Image& image, double threshold);
// Stretches each channel so that its least value becomes 0 and its largest 255.
void autocontrast(Image& image);
// Equalizes each channel's histogram.
void equalize(Image& image);

}  // namespace graft
