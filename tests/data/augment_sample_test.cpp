// The augmentations in whole loaders: order, draws, layouts and workers.
#include "graft/data/augment_sample.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "graft/core/error.h"
#include "graft/data/augment_policies.h"
#include "graft/data/color_jitter.h"
#include "graft/data/crop_plan.h"
#include "graft/data/decoded_cache.h"
#include "graft/data/loader.h"
#include "graft/data/normalize.h"
#include "graft/data/random_erasing.h"
#include "graft/data/random_streams.h"
#include "graft/data/transform.h"
#include "graft/image/resize.h"
#include "tests/data/pictures.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

constexpr int augmented_side = 24;
constexpr std::size_t augmented_floats = 3UL * augmented_side * augmented_side;
constexpr int augmented_pictures = 30;

AugmentOptions everything(AutoAugment policy = AutoAugment::trivial) {
  AugmentOptions options;
  options.auto_augment = policy;
  options.jitter_brightness = options.jitter_contrast = options.jitter_saturation = 0.4;
  options.jitter_hue = 0.1;
  options.random_erase = 0.5;
  return options;
}

class Augmenting : public testing::Test {
 protected:
  Augmenting() {
    for (int i = 0; i < augmented_pictures; ++i) {
      const std::string bytes = test::ppm(30 + i % 5, 28 + i % 7, i);
      samples_.push_back({folder_.write(std::to_string(i) + ".ppm", bytes).string(), 0});
    }
    pass_.augment.emplace();
    pass_.seed = 11;
    options_.workers = 0;
  }

  // All pixels of an epoch, by sample.
  std::vector<float> pass(std::uint64_t epoch = 0) const {
    std::vector<float> pixels(samples_.size() * augmented_floats);
    const Loader loader(samples_, preprocess_, options_, pass_, cache_);
    for (const auto stream = loader.epoch(epoch); const auto batch = stream->next();) {
      for (std::size_t i = 0; i < batch->indices.size(); ++i) {
        std::copy_n(batch->images.get() + i * augmented_floats, augmented_floats,
                    pixels.begin() + static_cast<std::ptrdiff_t>(batch->indices[i] * augmented_floats));
      }
    }
    return pixels;
  }

  // The cropped and flipped image with which the loader begins.
  Image flipped_crop(std::uint64_t sample) const {
    const Image source = test::formula_picture(30 + static_cast<int>(sample) % 5,
                                               28 + static_cast<int>(sample) % 7, static_cast<int>(sample));
    const CropPlan plan = train_plan({source.height(), source.width()}, preprocess_, pass_.augment->min_scale,
                                     Random(pass_.seed, 0, sample, random_stream::augment));
    Image image = resize(source.view().crop(plan.box.top, plan.box.left, plan.box.height, plan.box.width),
                         augmented_side, augmented_side, preprocess_.interpolation);
    return plan.flip ? flip_horizontal(image.view()) : std::move(image);
  }

  test::TemporaryFolder folder_;
  std::vector<Sample> samples_;
  Preprocess preprocess_ = test::preprocess_of(28, augmented_side);
  LoaderOptions options_;
  LoaderPass pass_;
  std::shared_ptr<DecodedCache> cache_;
};

TEST_F(Augmenting, HasTheOrderOfTorchvisionsReferenceTraining) {
  *pass_.augment = everything();
  const std::vector<float> got = pass();
  for (std::uint64_t i = 0; i < augmented_pictures; ++i) {
    Random policy(11, 0, i, random_stream::auto_augment), jitter(11, 0, i, random_stream::color_jitter),
        erasing(11, 0, i, random_stream::random_erasing);
    Image image = apply_step(flipped_crop(i), trivial_augment(policy));
    apply_color_jitter(image, draw_color_jitter(*pass_.augment, jitter));
    std::vector<float> expected(augmented_floats);
    Normalizer(preprocess_).write(image.view(), false, BatchLayout::planar, expected.data());
    if (const auto window = random_erasing({augmented_side, augmented_side}, {.probability = 0.5}, erasing))
      erase(expected.data(), {augmented_side, augmented_side}, BatchLayout::planar, *window);
    EXPECT_TRUE(std::equal(expected.begin(), expected.end(),
                           got.begin() + static_cast<std::ptrdiff_t>(i * augmented_floats)))
        << i;
  }
}

TEST_F(Augmenting, OffMeansCropAndFlipOnly) {
  EXPECT_FALSE(AugmentOptions().any());
  const std::vector<float> got = pass();
  for (std::uint64_t i = 0; i < augmented_pictures; ++i) {
    std::vector<float> expected(augmented_floats);
    Normalizer(preprocess_).write(flipped_crop(i).view(), false, BatchLayout::planar, expected.data());
    EXPECT_TRUE(std::equal(expected.begin(), expected.end(),
                           got.begin() + static_cast<std::ptrdiff_t>(i * augmented_floats)))
        << i;
  }
}

TEST_F(Augmenting, IsTheSameForAnyNumberOfWorkers) {
  for (const AutoAugment policy : {AutoAugment::trivial, AutoAugment::rand}) {
    *pass_.augment = everything(policy);
    options_.workers = 0;
    cache_ = nullptr;
    const std::vector<float> expected = pass(3);
    for (const int workers : {1, 5}) {
      options_.workers = workers;
      cache_ = workers == 5 ? DecodedCache::make("64M") : nullptr;
      EXPECT_EQ(pass(3), expected) << workers << " workers";
    }
    EXPECT_NE(pass(4), expected);
  }
}

TEST_F(Augmenting, IsTheSameInBothLayouts) {
  *pass_.augment = everything();
  const std::vector<float> planar = pass();
  pass_.layout = BatchLayout::channels_last;
  const std::vector<float> last = pass();
  constexpr std::size_t plane = static_cast<std::size_t>(augmented_side) * augmented_side;
  for (std::size_t image = 0; image < augmented_pictures; ++image) {
    for (std::size_t i = 0; i < augmented_floats; ++i) {
      ASSERT_EQ(last[image * augmented_floats + i % plane * 3 + i / plane],
                planar[image * augmented_floats + i]);
    }
  }
}

// Each change alone: the others' draws are unchanged.
TEST_F(Augmenting, OptionsDrawIndependently) {
  pass_.augment->random_erase = 0.5;
  const std::vector<float> erased = pass();
  pass_.augment->jitter_brightness = 0.3;
  const std::vector<float> both = pass();
  for (std::size_t i = 0; i < erased.size(); ++i) EXPECT_TRUE(erased[i] != 0 || both[i] == 0);
  EXPECT_NE(erased, both);
}

TEST_F(Augmenting, ValidationIsNotAugmented) {
  pass_.augment.reset();
  const std::vector<float> plain = pass();
  for (std::uint64_t i = 0; i < augmented_pictures; ++i) {
    std::vector<float> expected(augmented_floats);
    Normalizer(preprocess_)
        .write(transform_val(read_image(samples_[i].path).view(), preprocess_).view(), false,
               BatchLayout::planar, expected.data());
    EXPECT_TRUE(std::equal(expected.begin(), expected.end(),
                           plain.begin() + static_cast<std::ptrdiff_t>(i * augmented_floats)))
        << i;
  }
}

TEST_F(Augmenting, OptionsOutOfRangeAreUsageErrors) {
  const auto refuses = [&](const auto& set) {
    LoaderPass pass;
    set(pass.augment.emplace());
    EXPECT_THROW(Loader(samples_, preprocess_, {}, pass), UsageError);
  };
  refuses([](AugmentOptions& options) { options.rand_ops = 0; });
  refuses([](AugmentOptions& options) { options.rand_magnitude = 31; });
  refuses([](AugmentOptions& options) { options.jitter_brightness = -0.1; });
  refuses([](AugmentOptions& options) { options.jitter_hue = 0.6; });
  refuses([](AugmentOptions& options) { options.random_erase = 1.1; });
}

TEST(AugmentOptions, AreSetByName) {
  AugmentOptions options;
  for (const OptionRef& option : options_in(options, augment_options)) {
    if (option.name == "auto_augment") option.set("rand");
  }
  EXPECT_EQ(options.auto_augment, AutoAugment::rand);
  EXPECT_TRUE(options.any() && options.changes_pixels() && !options.jitters());
}

}  // namespace
}  // namespace graft
