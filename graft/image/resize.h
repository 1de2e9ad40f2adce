// Resizing with antialiasing, equal in every 8-bit value to Pillow's Image.resize (two passes of fixed-point
// arithmetic), and so to torchvision.transforms.functional.resize on PIL images.
//
// Every function gives a picture of its own, is thread-safe, and throws UsageError for an empty picture or a
// size below 1.
#pragma once

#include "graft/image/image.h"

namespace graft {

// Networks are fed by the first two; lanczos (three lobes) is what perceptual hashes are made with.
enum class Interpolation { bilinear, bicubic, lanczos };

// The names used by torchvision and by model files: "bilinear", "bicubic", "lanczos".
const char* to_string(Interpolation interpolation);
// Throws UsageError for a name other than those of the first two.
Interpolation interpolation_from(const char* name);

Image resize(const ImageView& image, int height, int width, Interpolation interpolation);

// resize(image, height, width, interpolation), then the window of it: the same pixels, without the work for
// those outside. The window must lie inside the resized picture.
Image resize_window(const ImageView& image, int height, int width, const Window& window,
                    Interpolation interpolation);

// The same for a picture that is a part of another, at another scale: `box` is what is resized, in the pixels
// of `image`, and only of that what the window needs must be there (throws UsageError where it is not).
// Nothing outside the box is looked at. With whole numbers equal to resize_window of that crop.
Image resize_box(const ImageView& image, const Box& box, int height, int width, const Window& window,
                 Interpolation interpolation);

// The pixels of a picture of size `from` that this window of it, resized to `to`, is made of.
Window resize_source(const Size& from, const Size& to, const Window& window, Interpolation interpolation);

// torchvision Resize(size): the shorter side becomes `size`, the other int(size · long / short).
Size shorter_side_size(int height, int width, int size);
Image resize_shorter_side(const ImageView& image, int size, Interpolation interpolation);

// torchvision CenterCrop(size): pads with black where the picture is smaller.
Image center_crop(const ImageView& image, int size);

// The part of a picture that CenterCrop(size) keeps; it must not be smaller than that.
Window center_window(const Size& picture, int size);

// center_crop(resize_shorter_side(image, size), crop), without the work for the pixels that are cut away.
Image resize_and_center_crop(const ImageView& image, int size, int crop, Interpolation interpolation);

Image flip_horizontal(const ImageView& image);

}  // namespace graft
