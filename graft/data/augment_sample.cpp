#include "graft/data/augment_sample.h"

#include <utility>
#include <vector>

#include "graft/core/random.h"
#include "graft/data/augment_policies.h"
#include "graft/data/color_jitter.h"
#include "graft/data/random_erasing.h"
#include "graft/data/random_streams.h"

namespace graft {
namespace {

Random random_of(const DrawKey& key, std::uint64_t stream) {
  return Random(key.seed, key.epoch, key.sample, stream);
}

std::vector<AugmentStep> draw_steps(const AugmentOptions& options, const Size& picture, Random random) {
  switch (options.auto_augment) {
    case AutoAugment::trivial:
      return {trivial_augment(random)};
    case AutoAugment::rand:
      return rand_augment(options.rand_ops, options.rand_magnitude, picture, random);
    case AutoAugment::none:
      break;
  }
  return {};
}

}  // namespace

Image augment_pixels(Image image, const AugmentOptions& options, const DrawKey& key) {
  const Size size{image.height(), image.width()};
  for (const AugmentStep& step : draw_steps(options, size, random_of(key, random_stream::auto_augment)))
    image = apply_step(std::move(image), step);
  if (options.jitters()) {
    Random random = random_of(key, random_stream::color_jitter);
    apply_color_jitter(image, draw_color_jitter(options, random));
  }
  return image;
}

void augment_normalized(float* image, const Size& picture, BatchLayout layout, const AugmentOptions& options,
                        const DrawKey& key) {
  if (options.random_erase == 0) return;
  Random random = random_of(key, random_stream::random_erasing);
  const auto window = random_erasing(picture, {.probability = options.random_erase}, random);
  if (window) erase(image, picture, layout, *window);
}

}  // namespace graft
