#include "graft/data/transform.h"

#include <utility>

#include "graft/image/resize.h"

namespace graft {

Image transform_val(const ImageView& image, const Preprocess& preprocess) {
  const Image resized = resize_shorter_side(image, preprocess.resize, preprocess.interpolation);
  return center_crop(resized.view(), preprocess.crop);
}

Image transform_train(const ImageView& image, const Preprocess& preprocess, Random random) {
  const CropBox box = random_resized_crop(image.height, image.width, {}, random);
  const ImageView part = image.crop(box.top, box.left, box.height, box.width);
  Image resized = resize(part, preprocess.crop, preprocess.crop, preprocess.interpolation);
  return random.uniform() < 0.5 ? flip_horizontal(resized.view()) : std::move(resized);
}

}  // namespace graft
