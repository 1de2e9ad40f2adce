#include "graft/data/augment_policies.h"

namespace graft {

AugmentStep trivial_augment(Random& random) {
  const AugmentOp op = draw_op(random);
  const auto bin = static_cast<int>(random.below(magnitude_bins));
  return draw_step(op, trivial_ranges[static_cast<std::size_t>(op)], bin, random);
}

MagnitudeRanges rand_ranges(const Size& picture) {
  return {{
      {},                                         // identity
      {0, 0.3, true},                             // shear_x
      {0, 0.3, true},                             // shear_y
      {0, 150.0 / 331.0 * picture.width, true},   // translate_x
      {0, 150.0 / 331.0 * picture.height, true},  // translate_y
      {0, 30, true},                              // rotate
      {0, 0.9, true},                             // brightness
      {0, 0.9, true},                             // color
      {0, 0.9, true},                             // contrast
      {0, 0.9, true},                             // sharpness
      {8, 4, false},                              // posterize
      {255, 0, false},                            // solarize
      {},                                         // auto_contrast
      {},                                         // equalize
  }};
}

std::vector<AugmentStep> rand_augment(int ops, int magnitude, const Size& picture, Random& random) {
  const MagnitudeRanges ranges = rand_ranges(picture);
  std::vector<AugmentStep> steps;
  for (int i = 0; i < ops; ++i) {
    const AugmentOp op = draw_op(random);
    steps.push_back(draw_step(op, ranges[static_cast<std::size_t>(op)], magnitude, random));
  }
  return steps;
}

}  // namespace graft
