// The facts that the check keeps about one file: small enough for every picture of a large dataset.
#pragma once

#include <cstdint>
#include <string>

#include "graft/check/perceptual_hash.h"
#include "graft/check/picture_format.h"
#include "graft/data/folder.h"
#include "graft/image/codec.h"

namespace graft {

// The first half of a file's SHA-256: equal for identical files.
struct ContentHash {
  std::uint64_t high = 0, low = 0;

  auto operator<=>(const ContentHash&) const = default;
};

struct PictureFacts {
  std::string problem;  // training's error message without the path; empty if readable
  ContentHash content;
  PerceptualHash look;
  Size size;
  PictureFormat format = PictureFormat::unknown;
  bool grey = false;         // red, green and blue are equal in every pixel
  bool transparent = false;  // has_transparency
  bool inks = false;         // has_inks
  bool turned = false;       // its EXIF orientation is not 1
};

// Reads and decodes the whole file. Does not throw: errors are in `problem`. Thread-safe.
PictureFacts look_at_picture(const Sample& sample, const DecodeOptions& options);

}  // namespace graft
