// What is known of one file after a look at it: little enough to keep for every picture of a large data set.
#pragma once

#include <cstdint>
#include <string>

#include "graft/check/perceptual_hash.h"
#include "graft/check/picture_format.h"
#include "graft/data/folder.h"
#include "graft/image/decode.h"

namespace graft {

// The first half of a file's SHA-256: equal where the bytes are.
struct ContentHash {
  std::uint64_t high = 0, low = 0;

  auto operator<=>(const ContentHash&) const = default;
};

struct PictureFacts {
  std::string problem;  // what a training would say of it, without the path; empty for a whole picture
  ContentHash content;
  PerceptualHash look;
  Size size;
  PictureFormat format = PictureFormat::unknown;
  bool grey = false;         // red, green and blue are equal in every pixel
  bool transparent = false;  // has_transparency
  bool inks = false;         // has_inks
  bool turned = false;       // its EXIF orientation is another than 1
};

// Reads and decodes all of it. Does not throw: what is wrong is in `problem`. Thread-safe.
PictureFacts look_at_picture(const Sample& sample, const DecodeOptions& options);

}  // namespace graft
