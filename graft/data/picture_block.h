// Many pictures read by several threads at once, to be kept in memory that is not the loader's (a device's).
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "graft/data/folder.h"
#include "graft/data/loader.h"
#include "graft/data/preprocess.h"
#include "graft/image/open_image.h"

namespace graft {

struct KeptPicture {
  Image pixels;
  Size whole;  // of the picture in its file, turned as its EXIF data say
};

// What is kept of a picture. Called from several threads.
using PictureMaker = std::function<KeptPicture(OpenImage& picture)>;

// The whole picture, so much smaller that its shorter side has `shorter_side` pixels where it has more: with
// Pillow's pixels, or with decode=fast by way of the JPEG decoder. Never larger than the file's.
PictureMaker keep_shrunk(const Preprocess& preprocess, int shorter_side);
// The validation transform's crop: crop × crop × 3, the loader's pixels.
PictureMaker keep_val_crop(const Preprocess& preprocess);

struct PictureBlock {
  std::vector<KeptPicture> pictures;  // one a sample; of one that could not be read, no pixels
  std::vector<BadImage> bad;          // these, in the order of the samples
};

// Reads with `workers` threads (0: with the caller's). Throws the Error of the first bad picture unless
// `skip_bad`.
PictureBlock read_block(std::span<const Sample> samples, const DecodeOptions& decode, int workers,
                        bool skip_bad, const PictureMaker& make);

}  // namespace graft
