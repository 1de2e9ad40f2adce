#include "graft/data/trivial_augment.h"

namespace graft {

AugmentStep trivial_augment(Random& random) {
  const AugmentOp op = draw_op(random);
  const auto bin = static_cast<int>(random.below(magnitude_bins));
  return draw_step(op, trivial_ranges[static_cast<std::size_t>(op)], bin, random);
}

}  // namespace graft
