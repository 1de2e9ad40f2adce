#include "graft/data/picture_block.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/threads.h"
#include "graft/data/crop_plan.h"
#include "graft/data/dataset.h"
#include "graft/data/readable_classes.h"

namespace graft {
namespace {

KeptPicture read_one(const Sample& sample, const DecodeOptions& options, const PictureMaker& make) {
  const std::vector<std::uint8_t> bytes = read_picture(sample);
  OpenImage picture(bytes, sample.path, options);
  return make(picture);
}

}  // namespace

PictureMaker keep_shrunk(const Preprocess& preprocess, int shorter_side) {
  return [interpolation = preprocess.interpolation, shorter_side](OpenImage& picture) -> KeptPicture {
    const Size whole = picture.size();
    if (std::min(whole.height, whole.width) <= shorter_side) return {picture.decode_whole().pixels, whole};
    const Size kept = shorter_side_size(whole.height, whole.width, shorter_side);
    const Window all = {0, 0, whole.height, whole.width};
    const DecodedPart decoded = picture.decode_whole(picture.shrink_for(all, kept));
    return {resize_box(decoded.pixels.view(), decoded.box_of(all), kept.height, kept.width,
                       {0, 0, kept.height, kept.width}, interpolation),
            whole};
  };
}

PictureMaker keep_val_crop(const Preprocess& preprocess) {
  return [preprocess](OpenImage& picture) -> KeptPicture {
    return {read_val(picture, preprocess), picture.size()};
  };
}

PictureBlock read_block(std::span<const Sample> samples, const DecodeOptions& decode, int workers,
                        bool skip_bad, const PictureMaker& make) {
  PictureBlock block;
  block.pictures.resize(samples.size());
  std::vector<std::exception_ptr> failures(samples.size());
  for_each_on_threads(samples.size(), static_cast<std::size_t>(workers), [&](std::size_t i) {
    try {
      block.pictures[i] = read_one(samples[i], decode, make);
    } catch (...) {
      failures[i] = std::current_exception();
    }
  });
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (failures[i]) skip_or_refuse(failures[i], samples[i], skip_bad, block.bad);
  }
  return block;
}

}  // namespace graft
