#include "graft/data/transform.h"

#include <utility>

#include "graft/data/augment.h"
#include "graft/data/crop_plan.h"
#include "graft/image/resize.h"

namespace graft {

Image transform_val(const ImageView& image, const Preprocess& preprocess) {
  if (preprocess.fit != Fit::crop) {
    const Size size = val_plan({image.height, image.width}, preprocess).resized;
    Image resized = resize(image, size.height, size.width, preprocess.interpolation);
    return preprocess.fit == Fit::pad ? pad_to_input(resized.view(), preprocess) : std::move(resized);
  }
  return resize_and_center_crop(image, preprocess.resize, preprocess.crop, preprocess.interpolation);
}

Image transform_train(const ImageView& image, const Preprocess& preprocess, Random random) {
  const CropPlan plan =
      train_plan({image.height, image.width}, preprocess, RandomResizedCropOptions().scale_min, random);
  const Window& box = plan.box;
  Image resized = resize(image.crop(box.top, box.left, box.height, box.width), preprocess.crop,
                         preprocess.crop, preprocess.interpolation);
  return plan.flip ? flip_horizontal(resized.view()) : std::move(resized);
}

}  // namespace graft
