// Reads many pictures with several threads, for storage outside the loader (on a device).
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
  Size whole;  // of the image in its file, oriented by EXIF
};

// Makes the stored form of a picture. Called from several threads.
using PictureMaker = std::function<KeptPicture(OpenImage& picture)>;

// The whole image, shrunk so that its shorter side has at most `shorter_side` pixels: with Pillow's pixels,
// or with decode=fast via the JPEG decoder. Never enlarged.
PictureMaker keep_shrunk(const Preprocess& preprocess, int shorter_side);
// The validation transform's crop: crop × crop × 3, equal to the loader's pixels.
PictureMaker keep_val_crop(const Preprocess& preprocess);

struct PictureBlock {
  std::vector<KeptPicture> pictures;  // one per sample; no pixels if unreadable
  std::vector<BadImage> bad;          // the unreadable ones, in the order of the samples
};

// Reads with `workers` threads (0: on the calling thread). Throws the Error of the first unreadable picture
// unless `skip_bad`.
PictureBlock read_block(std::span<const Sample> samples, const DecodeOptions& decode, int workers,
                        bool skip_bad, const PictureMaker& make);

}  // namespace graft
