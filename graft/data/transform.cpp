#include "graft/data/transform.h"

#include <utility>

#include "graft/image/resize.h"

namespace graft {

Image transform_val(const ImageView& image, const Preprocess& preprocess) {
  return resize_and_center_crop(image, preprocess.resize, preprocess.crop, preprocess.interpolation);
}

Image transform_train(const ImageView& image, const Preprocess& preprocess, Random random) {
  const CropBox box = random_resized_crop(image.height, image.width, {}, random);
  const ImageView part = image.crop(box.top, box.left, box.height, box.width);
  Image resized = resize(part, preprocess.crop, preprocess.crop, preprocess.interpolation);
  return random.uniform() < 0.5 ? flip_horizontal(resized.view()) : std::move(resized);
}

}  // namespace graft
