// Shearing, moving and turning by the nearest pixel, black where nothing was: what
// torchvision.transforms.functional.affine and rotate make of PIL images with their default interpolation
// (Pillow's 16.16 fixed-point transform), equal in every 8-bit value.
//
// Every function gives a picture of its own, of the same size, and is thread-safe. Sides of up to 8192 pixels
// equal Pillow's; far larger ones it computes otherwise.
#pragma once

#include "graft/image/image.h"

namespace graft {

// Each row is moved left by slope × its distance from the top; affine(shear=[atan(slope), 0], center=[0, 0]),
// the ShearX of torchvision's policies.
Image shear_x(const ImageView& image, double slope);
// Each column is moved up by slope × its distance from the left; ShearY.
Image shear_y(const ImageView& image, double slope);
// Right and down by whole pixels; TranslateX and TranslateY.
Image translate(const ImageView& image, int right, int down);
// Counter-clockwise about the centre; torchvision's rotate(angle).
Image rotate(const ImageView& image, double degrees);

}  // namespace graft
