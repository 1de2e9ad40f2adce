#include "graft/data/preprocess.h"

#include <cmath>

#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/image/alpha.h"

namespace graft {
namespace {

constexpr int largest_side = 4096;

void check_side(const char* name, int pixels, const std::string& where) {
  if (pixels >= 1 && pixels <= largest_side) return;
  throw Error(where, std::string("input ") + name + " of " + counted(pixels, "pixel") + " is outside 1 to " +
                         std::to_string(largest_side));
}

}  // namespace

void set_input_size(Preprocess& preprocess, int side) {
  // crop and resize are at most 4096, so that the product fits.
  preprocess.resize = side * preprocess.resize / preprocess.crop;
  preprocess.crop = side;
}

void check_preprocess(const Preprocess& preprocess, const std::string& where) {
  check_side("resize", preprocess.resize, where);
  check_side("crop", preprocess.crop, where);
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
