// An image whose header has been read and whose pixels are decoded on request: whole, in part, or (JPEG)
// shrunk while decoding.
//
//   OpenImage picture(bytes, path, options);
//   const Window part = ...;                                     // of picture.size()
//   const DecodedPart decoded = picture.decode(part, picture.shrink_for(part, {224, 224}));
//   resize_box(decoded.pixels.view(), decoded.box_of(part), 224, 224, {0, 0, 224, 224}, interpolation);
//
// One thread per object; different objects may be used in parallel.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "graft/image/codec.h"
#include "graft/image/image.h"

namespace graft {

// The pixels of an image or of a part of it.
struct DecodedPart {
  Image pixels;
  Size whole;                // the image's size, not shrunk
  int shrink = 1;            // each pixel is shrink × shrink pixels of the image
  double top = 0, left = 0;  // the image's corner in `pixels`; outside them for a part
  bool may_shrink = false;   // whether shrink_for may return more than 1

  // A part of the image (not shrunk) in the coordinates of `pixels`.
  Box box_of(const Window& part) const;
  // The same as OpenImage::shrink_for of its source.
  int shrink_for(const Window& part, const Size& target) const;
};

class ImageSource;

class OpenImage {
 public:
  // Throws what decode_image throws for the header. `bytes` must outlive this object.
  OpenImage(std::span<const std::uint8_t> bytes, const std::string& name, const DecodeOptions& options = {});
  ~OpenImage();
  OpenImage(OpenImage&&) noexcept;
  OpenImage& operator=(OpenImage&&) noexcept;

  // Of the whole image, oriented if the options say so.
  Size size() const;

  // From the file's EXIF data (orientation.h), whatever the options say.
  int orientation() const;

  // The largest factor (1, 2, 4 or 8) by which the image can be shrunk with `part` still at least twice as
  // large as `target` on both sides. Always 1 unless DecodeOptions::decode is fast and the file is a JPEG.
  int shrink_for(const Window& part, const Size& target) const;

  // Decodes at least `part`, to the same pixels as in the whole image. Reads the whole file in any case:
  // throws Error if it is damaged or truncated. Call once per object.
  DecodedPart decode(const Window& part, int shrink = 1);
  DecodedPart decode_whole(int shrink = 1);

 private:
  std::string name_;
  std::unique_ptr<ImageSource> source_;
  int orientation_ = 1;
  bool may_shrink_ = false;
};

// The same rule without an open image: what shrink_for returns for a JPEG.
int largest_shrink(const Window& part, const Size& target);

}  // namespace graft
