#include "graft/train/resident_source.h"

#include <gtest/gtest.h>

#include "graft/core/error.h"
#include "graft/train/crop_batch.h"
#include "graft/train/optimizer.h"
#include "tests/support/picture_set.h"
#include "tests/support/test_data.h"
#include "tests/support/tiny_network.h"

namespace graft {
namespace {

class Resident : public ::testing::Test {
 protected:
  Resident() {
    preprocess_.resize = 36;
    preprocess_.crop = 32;
    options_.batch_size = 5;
    options_.workers = 2;
  }
  void add_picture(int height, int width) {
    const std::string name = std::to_string(samples_.size()) + ".ppm";
    const auto label = static_cast<std::int64_t>(samples_.size() % 3);
    const auto path = folder_.write(
        name,
        test::generated_picture(static_cast<int>(label), static_cast<int>(samples_.size()), height, width));
    samples_.push_back({path.string(), label});
  }
  // Landscape, portrait, tiny; none larger than the stored size.
  void add_small_pictures() {
    for (int i = 0; i < 4; ++i) {
      add_picture(60 - i, 90 + i);
      add_picture(85 + i, 64 - i);
      add_picture(3 + i, 9);
    }
  }

  struct Difference {
    double mean = 0, largest = 0;  // levels of 255
  };
  // The differences between the loader's batches of an epoch and the resident ones, which must have the same
  // samples.
  Difference difference(std::uint64_t epoch) const {
    const Loader loader(samples_, preprocess_, options_, pass_);
    const auto expected_source = loader_source(loader, torch::kCPU);
    const auto source =
        resident_source(samples_, preprocess_, options_, pass_, {torch::kCPU, 1ULL << 32}).batches;
    const auto expected = expected_source->epoch(epoch), stream = source->epoch(epoch);
    EXPECT_EQ(source->size(), expected_source->size());
    EXPECT_EQ(source->batches(), expected_source->batches());
    Difference found;
    std::int64_t values = 0;
    while (const auto batch = expected->next()) {
      const auto got = stream->next();
      EXPECT_TRUE(got);
      if (!got) return found;
      EXPECT_EQ(got->indices, batch->indices);
      EXPECT_EQ(got->truth, batch->truth);
      EXPECT_TRUE(torch::equal(got->labels, batch->labels));
      EXPECT_EQ(got->images.strides(), batch->images.strides());
      const auto apart = ((got->images - batch->images) / normalize_scale(preprocess_, torch::kCPU)).abs();
      found.mean += apart.sum().item<double>();
      found.largest = std::max(found.largest, apart.max().item<double>());
      values += apart.numel();
    }
    EXPECT_FALSE(stream->next());
    EXPECT_EQ(stream->bad().size(), expected->bad().size());
    found.mean /= static_cast<double>(values);
    return found;
  }

  test::TemporaryFolder folder_;
  std::vector<Sample> samples_;
  Preprocess preprocess_;
  LoaderOptions options_;
  LoaderPass pass_;
};

TEST_F(Resident, TrainingBatchesAreTheLoadersWithinRounding) {
  add_small_pictures();
  pass_ = {.shuffle = true, .augment = AugmentOptions()};
  pass_.layout = BatchLayout::channels_last;
  for (const auto interpolation : {Interpolation::bilinear, Interpolation::bicubic}) {
    preprocess_.interpolation = interpolation;
    for (std::uint64_t epoch = 0; epoch < 3; ++epoch) EXPECT_LT(difference(epoch).largest, 2.0);
  }
}

// Mean losses of three epochs.
std::vector<double> losses_of(const TensorSource& source) {
  const Model model = test::tiny_model({"a", "b", "c"}, 2);
  Optimizer sgd({{model.network->parameters()}}, {.lr = 0.05});
  std::vector<double> losses;
  for (std::uint64_t epoch = 0; epoch < 3; ++epoch) {
    double sum = 0;
    for (const auto stream = source.epoch(epoch); const auto batch = stream->next();) {
      sgd.zero_grad();
      const auto loss =
          torch::nn::functional::cross_entropy(model.network->forward(batch->images), batch->labels);
      loss.backward();
      sgd.step();
      sum += loss.item<double>() * static_cast<double>(batch->count());
    }
    losses.push_back(sum / static_cast<double>(source.size()));
  }
  return losses;
}

TEST_F(Resident, ATrainingHasTheLossesOfTheLoaders) {
  add_small_pictures();
  pass_ = {.shuffle = true, .augment = AugmentOptions()};
  const Loader loader(samples_, preprocess_, options_, pass_);
  const auto expected = losses_of(*loader_source(loader, torch::kCPU));
  const auto found =
      losses_of(*resident_source(samples_, preprocess_, options_, pass_, {torch::kCPU, 1ULL << 32}).batches);
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(found[i], expected[i], 0.01 * expected[i]);
}

TEST_F(Resident, ValidationBatchesAreTheLoaders) {
  add_small_pictures();
  add_picture(200, 333);
  for (const int size : {32, 40}) {  // 40: padded
    preprocess_.crop = size;
    EXPECT_LT(difference(0).largest, 1e-3);
  }
}

TEST_F(Resident, LargePicturesAreKeptSmaller) {
  for (int i = 0; i < 5; ++i) add_picture(240 + 7 * i, 350 - 11 * i);
  pass_.augment.emplace();
  for (std::uint64_t epoch = 0; epoch < 3; ++epoch) EXPECT_LT(difference(epoch).mean, 3);
  const auto kept = resident_source(samples_, preprocess_, options_, pass_, {torch::kCPU, 1ULL << 32});
  EXPECT_LT(kept.bytes, 5U * 64 * 110 * 3);
}

TEST_F(Resident, UnreadablePicturesLeaveTheirBatchesShort) {
  add_small_pictures();
  const auto bad = folder_.write("bad.ppm", "P6\n");
  samples_[3].path = samples_[7].path = bad.string();
  pass_ = {.shuffle = true, .augment = AugmentOptions()};
  EXPECT_THROW(resident_source(samples_, preprocess_, options_, pass_, {torch::kCPU, 1ULL << 32}), Error);
  options_.skip_bad = true;
  options_.batch_size = 2;  // some epoch has both in one batch
  for (std::uint64_t epoch = 0; epoch < 3; ++epoch) EXPECT_LT(difference(epoch).largest, 2.0);
}

TEST_F(Resident, PicturesBeyondTheBudgetAreNotStored) {
  add_small_pictures();
  EXPECT_EQ(resident_source(samples_, preprocess_, options_, pass_, {torch::kCPU, 1000}).batches, nullptr);
}

TEST_F(Resident, ARankHasTheLoadersPart) {
  add_small_pictures();
  const auto bad = folder_.write("bad.ppm", "P6\n");
  samples_[3].path = bad.string();
  options_.skip_bad = true;
  options_.batch_size = 5;  // the last batch has two pictures
  for (const bool augment : {false, true}) {
    pass_ = {.shuffle = true, .world_size = 3, .empty_batches = true};
    if (augment) pass_.augment.emplace();
    for (pass_.rank = 0; pass_.rank < 3; ++pass_.rank) {
      const Loader loader(samples_, preprocess_, options_, pass_);
      const auto source =
          resident_source(samples_, preprocess_, options_, pass_, {torch::kCPU, 1ULL << 32}).batches;
      const auto expected = loader.epoch(1);
      const auto stream = source->epoch(1);
      while (const auto batch = expected->next()) {
        const auto got = stream->next();
        ASSERT_TRUE(got);
        EXPECT_EQ(got->indices, batch->indices);
        EXPECT_EQ(got->images.size(0), batch->count);
      }
      EXPECT_FALSE(stream->next());
    }
  }
}

TEST_F(Resident, PhotographsAreTheLoadersToo) {
  if (test::hymenoptera().empty()) GTEST_SKIP() << test::no_hymenoptera;
  const auto all = open_data_set(test::hymenoptera()).train.samples;
  for (std::size_t i = 0; i < all.size(); i += 12) samples_.push_back(all[i]);
  preprocess_ = {};
  pass_ = {.shuffle = true, .augment = AugmentOptions()};
  for (const auto interpolation : {Interpolation::bilinear, Interpolation::bicubic}) {
    preprocess_.interpolation = interpolation;
    EXPECT_LT(difference(1).mean, 0.5) << to_string(interpolation);
  }
  pass_.augment.reset();
  EXPECT_LT(difference(1).largest, 1e-3);
}

}  // namespace
}  // namespace graft
