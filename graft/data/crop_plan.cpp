#include "graft/data/crop_plan.h"

#include "graft/data/augment.h"

namespace graft {

CropPlan train_plan(const Size& picture, const Preprocess& preprocess, double min_scale, Random random) {
  const CropBox box = random_resized_crop(picture.height, picture.width, {.scale_min = min_scale}, random);
  const int crop = preprocess.crop;
  CropPlan plan;
  plan.box = plan.part = {box.top, box.left, box.height, box.width};
  plan.resized = {crop, crop};
  plan.window = {0, 0, crop, crop};
  plan.flip = random.uniform() < 0.5;
  return plan;
}

CropPlan val_plan(const Size& picture, const Preprocess& preprocess) {
  CropPlan plan;
  plan.box = {0, 0, picture.height, picture.width};
  plan.resized = shorter_side_size(picture.height, picture.width, preprocess.resize);
  plan.window = preprocess.crop > preprocess.resize ? Window{0, 0, plan.resized.height, plan.resized.width}
                                                    : center_window(plan.resized, preprocess.crop);
  plan.part = resize_source(picture, plan.resized, plan.window, preprocess.interpolation);
  return plan;
}

int largest_shrink(const CropPlan& plan) { return largest_shrink(plan.box, plan.resized); }

Image run_plan(const CropPlan& plan, const DecodedPart& decoded, const Preprocess& preprocess) {
  Image image = resize_box(decoded.pixels.view(), decoded.box_of(plan.box), plan.resized.height,
                           plan.resized.width, plan.window, preprocess.interpolation);
  if (image.height() == preprocess.crop && image.width() == preprocess.crop) return image;
  return center_crop(image.view(), preprocess.crop);
}

}  // namespace graft
