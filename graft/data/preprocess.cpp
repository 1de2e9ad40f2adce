#include "graft/data/preprocess.h"

#include <cmath>

#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/image/alpha.h"

namespace graft {
namespace {

// A crop of the largest size is of a larger picture.
constexpr int largest_crop = 4096, largest_resize = 2 * largest_crop;

void check_side(const char* name, int pixels, int largest, const std::string& where) {
  if (pixels >= 1 && pixels <= largest) return;
  throw Error(where, std::string("input ") + name + " of " + counted(pixels, "pixel") + " is outside 1 to " +
                         std::to_string(largest));
}

}  // namespace

void set_input_size(Preprocess& preprocess, int side) {
  // The product fits: check_preprocess() bounds both.
  preprocess.resize = side * preprocess.resize / preprocess.crop;
  preprocess.crop = side;
}

void check_preprocess(const Preprocess& preprocess, const std::string& where) {
  check_side("resize", preprocess.resize, largest_resize, where);
  check_side("crop", preprocess.crop, largest_crop, where);
  if (preprocess.interpolation == Interpolation::lanczos) {
    throw Error(where, "the input's interpolation is neither bilinear nor bicubic");
  }
  for (const float mean : preprocess.mean) {
    if (!std::isfinite(mean)) throw Error(where, "the input's mean is not a finite number");
  }
  for (const float std : preprocess.std) {
    if (!(std::isfinite(std) && std > 0)) throw Error(where, "the input's std is not a number above 0");
  }
  try {
    background_of(preprocess.alpha);
  } catch (const UsageError& error) {
    throw Error(where, "the input's alpha: " + error.problem(), error.advice());
  }
}

DecodeOptions decode_options_of(const Preprocess& preprocess, std::uint64_t max_pixels) {
  return {preprocess.exif, preprocess.alpha, max_pixels, preprocess.decode};
}

}  // namespace graft
