#include "graft/data/crop_plan.h"

#include <algorithm>
#include <cmath>

#include "graft/data/augment.h"

namespace graft {
namespace {

// The size of the image when its longer side is `side`.
Size within(const Size& picture, int side) {
  const auto scaled = [&](int shorter, int longer) {
    return std::max(1, static_cast<int>(static_cast<std::int64_t>(side) * shorter / longer));
  };
  return picture.height > picture.width ? Size{side, scaled(picture.width, picture.height)}
                                        : Size{scaled(picture.height, picture.width), side};
}

Window placed_window(const Size& picture, int crop, CropPlace place) {
  const Window centre = center_window(picture, crop);
  if (place == CropPlace::centre) return centre;
  if (place == CropPlace::mirrored_centre)
    return {centre.top, picture.width - crop - centre.left, crop, crop};
  const bool right = place == CropPlace::top_right || place == CropPlace::bottom_right;
  const bool bottom = place == CropPlace::bottom_left || place == CropPlace::bottom_right;
  return {bottom ? picture.height - crop : 0, right ? picture.width - crop : 0, crop, crop};
}

}  // namespace

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

CropPlan val_plan(const Size& picture, const Preprocess& preprocess, CropPlace place) {
  const int crop = preprocess.crop;
  CropPlan plan;
  plan.box = {0, 0, picture.height, picture.width};
  plan.resized = preprocess.fit == Fit::squash ? Size{crop, crop}
                 : preprocess.fit == Fit::pad
                     ? within(picture, crop)
                     : shorter_side_size(picture.height, picture.width, preprocess.resize);
  plan.window = preprocess.fit != Fit::crop || crop > preprocess.resize
                    ? Window{0, 0, plan.resized.height, plan.resized.width}
                    : placed_window(plan.resized, crop, place);
  plan.part = resize_source(picture, plan.resized, plan.window, preprocess.interpolation);
  return plan;
}

int largest_shrink(const CropPlan& plan) { return largest_shrink(plan.box, plan.resized); }

Image run_plan(const CropPlan& plan, const DecodedPart& decoded, const Preprocess& preprocess) {
  Image image = resize_box(decoded.pixels.view(), decoded.box_of(plan.box), plan.resized.height,
                           plan.resized.width, plan.window, preprocess.interpolation);
  if (image.height() == preprocess.crop && image.width() == preprocess.crop) return image;
  return preprocess.fit == Fit::pad ? pad_to_input(image.view(), preprocess)
                                    : center_crop(image.view(), preprocess.crop);
}

Image read_val(OpenImage& picture, const Preprocess& preprocess, CropPlace place) {
  const CropPlan plan = val_plan(picture.size(), preprocess, place);
  const int shrink = picture.shrink_for(plan.box, plan.resized);
  return run_plan(plan, picture.decode(plan.part, shrink), preprocess);
}

Image pad_to_input(const ImageView& image, const Preprocess& preprocess) {
  const int crop = preprocess.crop;
  Image padded(crop, crop);
  for (std::size_t i = 0; i < padded.size_bytes(); ++i)
    padded.data()[i] =
        static_cast<std::uint8_t>(std::lround(255 * std::clamp(preprocess.mean[i % 3], 0.0F, 1.0F)));
  const int top = (crop - image.height) / 2, left = (crop - image.width) / 2;
  for (int y = 0; y < image.height; ++y)
    std::copy_n(image.row(y), static_cast<std::size_t>(image.width) * 3,
                padded.row(top + y) + static_cast<std::size_t>(left) * 3);
  return padded;
}

}  // namespace graft
