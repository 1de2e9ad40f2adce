// Resizing with antialiasing, equal in every 8-bit value to Pillow's Image.resize (two passes of fixed-point
// arithmetic), and so to torchvision.transforms.functional.resize on PIL images.
//
// Every function returns a new image, is thread-safe, and throws UsageError for an empty image or a size
// below 1.
#pragma once

#include "graft/image/image.h"

namespace graft {

// The first two are for network inputs; lanczos (three lobes) is for perceptual hashes.
enum class Interpolation { bilinear, bicubic, lanczos };

// The names in torchvision and in model files: "bilinear", "bicubic", "lanczos".
const char* to_string(Interpolation interpolation);
// Throws UsageError for any name but "bilinear" and "bicubic".
Interpolation interpolation_from(const char* name);

Image resize(const ImageView& image, int height, int width, Interpolation interpolation);

// resize(image, height, width, interpolation) and then a window of it: the same pixels, without computing
// those outside. The window must be inside the resized image.
Image resize_window(const ImageView& image, int height, int width, const Window& window,
                    Interpolation interpolation);

// The same for a box of an image: `box`, in pixels of `image`, is resized. Only the pixels that the window
// needs must exist (throws UsageError if they do not). No pixel outside the box is read. With integer
// coordinates equal to resize_window of that crop.
Image resize_box(const ImageView& image, const Box& box, int height, int width, const Window& window,
                 Interpolation interpolation);

// The pixels of an image of size `from` that `window` of the image resized to `to` depends on.
Window resize_source(const Size& from, const Size& to, const Window& window, Interpolation interpolation);

// torchvision Resize(size): the shorter side becomes `size`, the other int(size · long / short).
Size shorter_side_size(int height, int width, int size);
Image resize_shorter_side(const ImageView& image, int size, Interpolation interpolation);

// torchvision CenterCrop(size): pads with black if the image is smaller.
Image center_crop(const ImageView& image, int size);

// The window that CenterCrop(size) keeps; the image must not be smaller.
Window center_window(const Size& picture, int size);

// center_crop(resize_shorter_side(image, size), crop), without computing the pixels outside the crop.
Image resize_and_center_crop(const ImageView& image, int size, int crop, Interpolation interpolation);

Image flip_horizontal(const ImageView& image);

}  // namespace graft
