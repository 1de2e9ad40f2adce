// Fast decoding and the cache, through whole loaders.
#include "graft/data/load_sample.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "graft/core/error.h"
#include "graft/data/loader.h"
#include "graft/image/codec.h"
#include "tests/data/pictures.h"
#include "tests/data/wrapped_disk.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

constexpr int loaded_side = 32;
constexpr std::size_t loaded_floats = 3UL * loaded_side * loaded_side;

Preprocess preprocess(DecodeMode mode = DecodeMode::exact) {
  Preprocess result;
  result.resize = 40;
  result.crop = loaded_side;
  result.decode = mode;
  return result;
}

// Edges, gradients and a fine pattern, as in photographs.
Image scene(int height, int width, int seed) {
  Image image(height, width);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < 3; ++c) {
        const double wave =
            60 * std::sin((x * (c + 2) + seed * 50) / 40.0) * std::cos((y + seed * 30) / 33.0);
        const int edge = (x / 70 + y / 90 + seed) % 2 * 50, fine = (x * 7 + y * 3) % 5;
        image.row(y)[x * 3 + c] = static_cast<std::uint8_t>(std::lround(80 + wave + edge + fine));
      }
    }
  }
  return image;
}

LoaderOptions options_of(int workers) { return {.batch_size = 3, .workers = workers}; }

LoaderPass pass_of(bool augment) {
  LoaderPass pass{.shuffle = augment};
  if (augment) pass.augment.emplace();
  return pass;
}

class SampleLoading : public testing::Test {
 protected:
  void add(const std::string& name, const std::string& bytes) {
    samples_.push_back({folder_.write(name, bytes).string(), 0});
  }
  void add_photographs() {
    for (int i = 0; i < 3; ++i)
      add("large" + std::to_string(i) + ".jpg", encode_jpeg(scene(600, 800, i).view(), 92));
    add("tall.jpg", encode_jpeg(scene(701, 413, 5).view(), 92));
    add("small.jpg", encode_jpeg(scene(60, 75, 6).view(), 92));
    add("large.png", encode_png(scene(400, 300, 7).view()));
    add("tiny.ppm", test::ppm(9, 12));
  }

  // All pixels of an epoch, by sample.
  std::vector<float> pass(const Loader& loader, std::uint64_t epoch) const {
    std::vector<float> pixels(samples_.size() * loaded_floats);
    for (const auto stream = loader.epoch(epoch); const auto batch = stream->next();) {
      for (std::size_t i = 0; i < batch->indices.size(); ++i) {
        std::copy_n(batch->images.get() + i * loaded_floats, loaded_floats,
                    pixels.begin() + static_cast<std::ptrdiff_t>(batch->indices[i] * loaded_floats));
      }
    }
    return pixels;
  }
  Loader loader_of(bool augment, DecodeMode mode, std::shared_ptr<DecodedCache> cache = nullptr,
                   int workers = 0) const {
    return {samples_, preprocess(mode), options_of(workers), pass_of(augment), std::move(cache)};
  }

  test::TemporaryFolder folder_;
  std::vector<Sample> samples_;
};

// In 8-bit levels: a unit of a normalised image is about 58 levels.
struct Difference {
  double mean = 0, largest = 0;
};
Difference difference(const std::vector<float>& a, const std::vector<float>& b) {
  Difference result;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double steps = std::abs(a[i] - b[i]) * 58;
    result.mean += steps / static_cast<double>(a.size());
    result.largest = std::max(result.largest, steps);
  }
  return result;
}

TEST_F(SampleLoading, FastIsCloseToExactOnLargePictures) {
  for (int i = 0; i < 4; ++i)
    add(std::to_string(i) + ".jpg", encode_jpeg(scene(600 + i * 37, 800 - i * 41, i).view(), 92));
  for (const bool augment : {false, true}) {
    for (std::uint64_t epoch = 0; epoch < 4; ++epoch) {
      const auto exact = pass(loader_of(augment, DecodeMode::exact), epoch);
      const auto fast = pass(loader_of(augment, DecodeMode::fast), epoch);
      EXPECT_NE(fast, exact);
      const Difference found = difference(fast, exact);
      EXPECT_LT(found.mean, 0.6);
      EXPECT_LT(found.largest, 12);
    }
  }
}

TEST_F(SampleLoading, FastEqualsExactIfNothingIsShrunk) {
  add("small.jpg", encode_jpeg(scene(60, 75, 1).view(), 92));
  add("one_less.jpg", encode_jpeg(scene(79, 200, 1).view(), 92));
  add("large.png", encode_png(scene(400, 300, 7).view()));
  for (const bool augment : {false, true}) {
    for (std::uint64_t epoch = 0; epoch < 3; ++epoch) {
      // A crop of one_less.jpg is at most 79 pixels high, less than four times 32.
      EXPECT_EQ(pass(loader_of(augment, DecodeMode::fast), epoch),
                pass(loader_of(augment, DecodeMode::exact), epoch));
    }
  }
}

TEST_F(SampleLoading, FastIsTheSameForAnyNumberOfWorkers) {
  add_photographs();
  for (const bool augment : {false, true}) {
    const auto expected = pass(loader_of(augment, DecodeMode::fast), 1);
    EXPECT_EQ(pass(loader_of(augment, DecodeMode::fast), 1), expected);
    EXPECT_EQ(pass(loader_of(augment, DecodeMode::fast, nullptr, 4), 1), expected);
  }
}

TEST_F(SampleLoading, BadFilesAreRefusedInFastModeToo) {
  const std::string whole = encode_jpeg(scene(600, 800, 1).view(), 92);
  add("cut.jpg", whole.substr(0, whole.size() * 9 / 10));
  for (const DecodeMode mode : {DecodeMode::exact, DecodeMode::fast}) {
    for (const bool augment : {false, true}) {
      EXPECT_THAT([&] { pass(loader_of(augment, mode), 0); },
                  testing::ThrowsMessage<Error>(testing::HasSubstr("cut short")));
    }
  }
}

TEST_F(SampleLoading, TheLayoutOfABatchIsAChoice) {
  add_photographs();
  constexpr std::size_t plane = loaded_floats / 3;
  LoaderPass pass = pass_of(true);
  const auto planar = Loader(samples_, preprocess(), options_of(2), pass).epoch(0);
  pass.layout = BatchLayout::channels_last;
  const auto last = Loader(samples_, preprocess(), options_of(2), pass).epoch(0);
  while (const auto expected = planar->next()) {
    const auto got = last->next();
    ASSERT_TRUE(got);
    EXPECT_EQ(expected->layout, BatchLayout::planar);
    EXPECT_EQ(got->layout, BatchLayout::channels_last);
    bool equal = true;
    for (std::size_t i = 0; i < expected->indices.size() * loaded_floats; ++i) {
      const std::size_t image = i / loaded_floats, channel = i % loaded_floats / plane, pixel = i % plane;
      equal = equal && got->images[image * loaded_floats + pixel * 3 + channel] == expected->images[i];
    }
    EXPECT_TRUE(equal);
  }
}

// With a small budget the cache has the first entries, which depend on the order of the workers.
TEST_F(SampleLoading, NoPixelDependsOnTheCache) {
  add_photographs();
  for (const DecodeMode mode : {DecodeMode::exact, DecodeMode::fast}) {
    for (const bool augment : {false, true}) {
      std::vector<std::vector<float>> expected;
      for (std::uint64_t epoch = 0; epoch < 6; ++epoch)
        expected.push_back(pass(loader_of(augment, mode), epoch));
      for (const char* size : {"1K", "8K", "200K", "1500K", "64M"}) {
        for (const int workers : {0, 4}) {
          const auto cache = DecodedCache::make(size);
          const Loader loader = loader_of(augment, mode, cache, workers);
          for (std::uint64_t epoch = 0; epoch < 6; ++epoch) {
            EXPECT_EQ(pass(loader, epoch), expected[epoch]) << size << ", " << workers << " workers";
            EXPECT_LE(cache->stats().bytes, cache->stats().budget);
          }
        }
      }
    }
  }
}

TEST_F(SampleLoading, CachedPicturesAreNotReadAgain) {
  add_photographs();
  int reads = 0;
  test::WrappedDisk counting([&](const std::filesystem::path&) { ++reads; });
  const ScopedDisk scoped(counting);
  for (const bool augment : {false, true}) {
    reads = 0;
    const auto cache = DecodedCache::make("64M");
    const Loader loader = loader_of(augment, DecodeMode::exact, cache);
    for (std::uint64_t epoch = 0; epoch < 3; ++epoch) pass(loader, epoch);
    EXPECT_EQ(reads, static_cast<int>(samples_.size()));
    EXPECT_EQ(cache->stats().entries, samples_.size());
    EXPECT_EQ(cache->stats().hits, samples_.size() * 2);
  }
}

TEST_F(SampleLoading, TwoLoadersMayShareOneBudget) {
  add_photographs();
  const auto cache = std::make_shared<DecodedCache>(64 << 20);
  const Loader train(samples_, preprocess(), options_of(0), pass_of(true), cache);
  const auto shared = std::make_shared<const std::vector<Sample>>(samples_);
  const Loader val(shared, preprocess(), options_of(0), pass_of(false), cache);
  for (std::uint64_t epoch = 0; epoch < 2; ++epoch) {
    EXPECT_EQ(pass(train, epoch), pass(loader_of(true, DecodeMode::exact), epoch));
    EXPECT_EQ(pass(val, epoch), pass(loader_of(false, DecodeMode::exact), epoch));
  }
  EXPECT_EQ(cache->stats().entries, samples_.size() * 2);
}

}  // namespace
}  // namespace graft
