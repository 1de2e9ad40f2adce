// A picture whose header has been read and whose pixels come when they are asked for: whole, in part, or
// (JPEG) shrunk while it is decoded.
//
//   OpenImage picture(bytes, path, options);
//   const Window part = ...;                                     // of picture.size()
//   const DecodedPart decoded = picture.decode(part, picture.shrink_for(part, {224, 224}));
//   resize_box(decoded.pixels.view(), decoded.box_of(part), 224, 224, {0, 0, 224, 224}, interpolation);
//
// Used by one thread; different objects by different ones.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "graft/image/decode.h"
#include "graft/image/image.h"

namespace graft {

// Pixels of a picture, or of a part of it.
struct DecodedPart {
  Image pixels;
  Size whole;                // the picture's size, not shrunk
  int shrink = 1;            // each pixel stands for shrink × shrink of the picture's
  double top = 0, left = 0;  // where the picture's own corner lies in `pixels`: outside of it for a part
  bool may_shrink = false;   // as OpenImage::shrink_for

  // A part of the picture (not shrunk) in the coordinates of `pixels`.
  Box box_of(const Window& part) const;
  // As that of the OpenImage it came from.
  int shrink_for(const Window& part, const Size& target) const;
};

class ImageSource;

class OpenImage {
 public:
  // Throws what decode_image throws, as far as the header shows it. `bytes` must outlive this object.
  OpenImage(std::span<const std::uint8_t> bytes, const std::string& name, const DecodeOptions& options = {});
  ~OpenImage();
  OpenImage(OpenImage&&) noexcept;
  OpenImage& operator=(OpenImage&&) noexcept;

  // Of the whole picture, turned where the options ask for it.
  Size size() const;

  // As the file's EXIF data says (orientation.h), whether or not the options ask for it.
  int orientation() const;

  // The most that the picture may be shrunk (1, 2, 4 or 8 times) so that `part` is still twice as large as
  // `target` or larger on both sides. Always 1 unless DecodeOptions::decode is fast and the file is a JPEG.
  int shrink_for(const Window& part, const Size& target) const;

  // Decodes at least `part`, to the same pixels as those of the whole. All of the file is looked at in any
  // case: throws Error where it is damaged or cut short. Once for an object.
  DecodedPart decode(const Window& part, int shrink = 1);
  DecodedPart decode_whole(int shrink = 1);

 private:
  std::string name_;
  std::unique_ptr<ImageSource> source_;
  int orientation_ = 1;
  bool may_shrink_ = false;
};

// The same rule for a picture that is not open: what shrink_for allows a JPEG.
int largest_shrink(const Window& part, const Size& target);

}  // namespace graft
