#include "graft/data/loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <fstream>
#include <mutex>
#include <new>
#include <set>
#include <thread>

#include "graft/core/error.h"
#include "graft/data/readable_classes.h"
#include "graft/data/transform.h"
#include "tests/data/pictures.h"
#include "tests/data/wrapped_disk.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace graft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Preprocess small_preprocess() {
  Preprocess preprocess;
  preprocess.resize = 10;
  preprocess.crop = 8;
  return preprocess;
}
constexpr std::size_t image_floats = 3 * 8 * 8;

// A folder of generated pictures, the i-th of class i modulo 3.
class Loading : public testing::Test {
 protected:
  void write_pictures(int count) {
    for (int i = 0; i < count; ++i) {
      const std::string bytes = test::ppm(12 + i % 5, 11 + i % 7, i);
      samples_.push_back({folder_.write(std::to_string(i) + ".ppm", bytes).string(), i % 3});
    }
  }
  void spoil(int i) { folder_.write(std::to_string(i) + ".ppm", "GIF89a not a supported image"); }

  std::unique_ptr<BatchStream> stream(const LoaderOptions& options, std::uint64_t epoch = 0) const {
    return Loader(samples_, small_preprocess(), options, pass_).epoch(epoch);
  }

  test::TemporaryFolder folder_;
  std::vector<Sample> samples_;
  LoaderPass pass_;
};

LoaderOptions options_of(int batch_size, int workers, int prefetch = 2) {
  LoaderOptions options;
  options.batch_size = batch_size;
  options.workers = workers;
  options.prefetch = prefetch;
  return options;
}

struct Pass {
  std::vector<std::uint32_t> indices;
  std::vector<std::int64_t> labels, counts;
  std::vector<float> pixels;
  bool operator==(const Pass&) const = default;
};

void add(Pass& pass, const Batch& batch) {
  EXPECT_EQ(batch.size, 8);
  EXPECT_EQ(batch.indices.size(), static_cast<std::size_t>(batch.count));
  pass.counts.push_back(batch.count);
  pass.indices.insert(pass.indices.end(), batch.indices.begin(), batch.indices.end());
  pass.labels.insert(pass.labels.end(), batch.labels.begin(), batch.labels.end());
  const float* images = batch.images.get();
  pass.pixels.insert(pass.pixels.end(), images, images + batch.indices.size() * image_floats);
}

Pass run(BatchStream& stream) {
  Pass pass;
  while (const auto batch = stream.next()) add(pass, *batch);
  EXPECT_FALSE(stream.next());
  return pass;
}

// The expected contents of the batches, computed sample by sample without a loader.
std::vector<float> val_pixels(const std::vector<Sample>& samples, const std::vector<std::uint32_t>& indices) {
  std::vector<float> pixels(indices.size() * image_floats);
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const Image image = transform_val(read_image(samples[indices[i]].path).view(), small_preprocess());
    normalize_to(image.view(), small_preprocess(), pixels.data() + i * image_floats);
  }
  return pixels;
}

TEST_F(Loading, GivesSamplesInOrderWithTheirLabelsAndPixels) {
  write_pictures(10);
  for (const int workers : {0, 3}) {
    const Pass pass = run(*stream(options_of(4, workers)));
    EXPECT_THAT(pass.counts, ElementsAre(4, 4, 2));
    EXPECT_THAT(pass.indices, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
    EXPECT_THAT(pass.labels, ElementsAre(0, 1, 2, 0, 1, 2, 0, 1, 2, 0));
    EXPECT_EQ(pass.pixels, val_pixels(samples_, pass.indices));
  }
}

TEST_F(Loading, IsTheSameForAnyNumberOfWorkers) {
  write_pictures(53);
  LoaderOptions options = options_of(4, 0);
  pass_ = {.shuffle = true, .augment = AugmentOptions(), .seed = 9};
  const Pass expected = run(*stream(options, 2));
  EXPECT_EQ(std::set<std::uint32_t>(expected.indices.begin(), expected.indices.end()).size(), 53U);
  for (const int workers : {1, 2, 5, 16, 200}) {
    for (const int prefetch : {1, 3}) {
      options.workers = workers;
      options.prefetch = prefetch;
      EXPECT_EQ(run(*stream(options, 2)), expected) << workers << " workers, prefetch " << prefetch;
    }
  }
}

TEST_F(Loading, SeedAndEpochDecideOrderAndCrops) {
  write_pictures(20);
  LoaderOptions options = options_of(4, 2);
  pass_.augment.emplace();
  const auto pixels = [&](std::uint64_t seed, std::uint64_t epoch) {
    pass_.seed = seed;
    return run(*stream(options, epoch)).pixels;
  };
  EXPECT_EQ(pixels(1, 1), pixels(1, 1));
  EXPECT_NE(pixels(1, 1), pixels(1, 2));
  EXPECT_NE(pixels(1, 1), pixels(2, 1));
  pass_.shuffle = true;
  const auto order = [&](std::uint64_t seed, std::uint64_t epoch) {
    pass_.seed = seed;
    return run(*stream(options, epoch)).indices;
  };
  EXPECT_EQ(order(1, 1), order(1, 1));
  EXPECT_NE(order(1, 1), order(1, 2));
  EXPECT_NE(order(1, 1), order(2, 1));
}

// A sample's crop must not depend on its position in the shuffled order, or a change of batch size would
// change the data.
TEST_F(Loading, AugmentationFollowsTheSampleNotItsPlace) {
  write_pictures(20);
  LoaderOptions options = options_of(3, 2);
  pass_.augment.emplace();
  const Pass in_order = run(*stream(options));
  pass_.shuffle = true;
  options.batch_size = 7;
  const Pass shuffled = run(*stream(options));
  for (std::size_t i = 0; i < shuffled.indices.size(); ++i) {
    EXPECT_TRUE(std::equal(
        shuffled.pixels.begin() + static_cast<std::ptrdiff_t>(i * image_floats),
        shuffled.pixels.begin() + static_cast<std::ptrdiff_t>((i + 1) * image_floats),
        in_order.pixels.begin() + static_cast<std::ptrdiff_t>(shuffled.indices[i] * image_floats)));
  }
}

TEST_F(Loading, TheFirstBadPictureInOrderIsThrown) {
  write_pictures(30);
  for (const int i : {13, 14, 22}) spoil(i);
  for (const int workers : {0, 1, 6}) {
    const auto batches = stream(options_of(5, workers));
    ASSERT_TRUE(batches->next());
    ASSERT_TRUE(batches->next());
    try {
      batches->next();
      ADD_FAILURE() << "no error";
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("/13.ppm"));
    }
    EXPECT_THAT(batches->next()->indices, ElementsAre(15, 16, 17, 18, 19));
    EXPECT_THROW(batches->next(), Error);
    EXPECT_THAT(batches->next()->indices, ElementsAre(25, 26, 27, 28, 29));
    EXPECT_FALSE(batches->next());
  }
}

TEST_F(Loading, SkipBadLeavesPicturesOutAndReportsThemInOrder) {
  write_pictures(14);
  for (const int i : {1, 3, 4, 5, 6, 7, 12}) spoil(i);  // 4 to 7 are one batch
  for (const int workers : {0, 1, 6}) {
    LoaderOptions options = options_of(4, workers);
    options.skip_bad = true;
    const auto batches = stream(options);
    const Pass pass = run(*batches);
    EXPECT_THAT(pass.counts, ElementsAre(2, 4, 1));
    EXPECT_THAT(pass.indices, ElementsAre(0, 2, 8, 9, 10, 11, 13));
    EXPECT_EQ(pass.pixels, val_pixels(samples_, pass.indices));
    std::vector<std::string> bad;
    for (const BadImage& each : batches->bad()) {
      bad.push_back(each.path.substr(folder_.path().string().size()));
      EXPECT_THAT(each.message, HasSubstr(each.path));
    }
    EXPECT_THAT(bad, ElementsAre("/1.ppm", "/3.ppm", "/4.ppm", "/5.ppm", "/6.ppm", "/7.ppm", "/12.ppm"));
  }
}

TEST_F(Loading, NothingReadableGivesNoBatch) {
  write_pictures(3);
  for (const int i : {0, 1, 2}) spoil(i);
  LoaderOptions options = options_of(2, 2);
  options.skip_bad = true;
  const auto batches = stream(options);
  EXPECT_FALSE(batches->next());
  EXPECT_EQ(batches->bad().size(), 3U);
}

TEST_F(Loading, AMissingFileIsABadPicture) {
  write_pictures(3);
  samples_[1].path = (folder_.path() / "missing.ppm").string();
  EXPECT_THROW(stream(options_of(4, 2))->next(), Error);
}

TEST_F(Loading, ABadPicturesErrorAdvisesSkipBad) {
  write_pictures(8);
  samples_[1].path = folder_.write("empty.jpg", "").string();
  try {
    stream(options_of(4, 2))->next();
    FAIL();
  } catch (const UnreadablePicture& error) {
    EXPECT_EQ(error.where(), samples_[1].path);
    EXPECT_EQ(error.problem(), "is empty");
    EXPECT_EQ(error.advice(),
              "replace it by a good copy, or remove it; `skip_bad` leaves such pictures out, and graft check "
              "lists them");
  }
}

TEST_F(Loading, OtherErrorsAreNeverSkipped) {
  write_pictures(8);
  test::WrappedDisk full([](const std::filesystem::path& path) {
    if (path.filename() == "2.ppm") throw std::bad_alloc();
  });
  const ScopedDisk scoped(full);
  for (const int workers : {0, 3}) {
    LoaderOptions options = options_of(4, workers);
    options.skip_bad = true;
    const auto batches = stream(options);
    EXPECT_THROW(batches->next(), std::bad_alloc);
    EXPECT_EQ(batches->next()->count, 4);
  }
}

TEST_F(Loading, NeverExceedsThePrefetchLimit) {
  write_pictures(120);
  std::atomic<int> reads = 0;
  test::WrappedDisk counting([&](const std::filesystem::path&) { ++reads; });
  const ScopedDisk scoped(counting);
  {
    const auto batches = stream(options_of(2, 3, 2));
    for (int taken = 0; taken < 40; ++taken) {
      EXPECT_LE(reads, (taken + 3 * 2) * 2);
      ASSERT_TRUE(batches->next());
    }
  }
  EXPECT_LE(reads, (40 + 3 * 2) * 2);  // and the rest is not read after the stream is destroyed
}

// Waiting workers must wake up, and a busy worker must stop after its picture.
TEST_F(Loading, CanBeDroppedAtAnyTime) {
  write_pictures(30);
  for (int taken = 0; taken < 10; ++taken) {
    const auto batches = stream(options_of(2, 1 + taken % 4, 1));
    for (int i = 0; i < taken; ++i) ASSERT_TRUE(batches->next());
  }
}

TEST_F(Loading, NoMoreThreadsThanSamplesAreStarted) {
  write_pictures(2);
  std::mutex mutex;
  std::set<std::thread::id> threads;
  test::WrappedDisk watching([&](const std::filesystem::path&) {
    const std::lock_guard lock(mutex);
    threads.insert(std::this_thread::get_id());
  });
  const ScopedDisk scoped(watching);
  run(*stream(options_of(4, 1024)));
  EXPECT_LE(threads.size(), 2U);
}

TEST_F(Loading, WithoutWorkersLoadsOnTheCallersThread) {
  write_pictures(5);
  std::set<std::thread::id> threads;
  test::WrappedDisk watching(
      [&](const std::filesystem::path&) { threads.insert(std::this_thread::get_id()); });
  const ScopedDisk scoped(watching);
  run(*stream(options_of(2, 0)));
  EXPECT_THAT(threads, ElementsAre(std::this_thread::get_id()));
}

TEST_F(Loading, BuffersAreReused) {
  write_pictures(120);
  for (const int workers : {0, 2}) {
    std::set<const float*> buffers;
    const auto batches = stream(options_of(2, workers, 2));
    while (const auto batch = batches->next()) buffers.insert(batch->images.get());
    EXPECT_LE(buffers.size(), 2U * 2U + 1U);
  }
}

TEST_F(Loading, BatchesOutliveTheirStream) {
  write_pictures(12);
  std::vector<Batch> kept;
  {
    const auto batches = stream(options_of(3, 2));
    while (auto batch = batches->next()) kept.push_back(std::move(*batch));
  }
  Pass pass;
  for (const Batch& batch : kept) add(pass, batch);
  EXPECT_EQ(pass.pixels, val_pixels(samples_, pass.indices));
}

TEST_F(Loading, SeveralStreamsMayRunAtOnce) {
  write_pictures(20);
  const Loader loader(samples_, small_preprocess(), options_of(3, 2));
  const auto a = loader.epoch(0), b = loader.epoch(1);
  Pass first, second;
  while (const auto batch = a->next()) {
    add(first, *batch);
    add(second, *b->next());
  }
  EXPECT_EQ(first, second);
}

TEST_F(Loading, SamplesMayBeShared) {
  write_pictures(5);
  const auto shared = std::make_shared<const std::vector<Sample>>(samples_);
  const Loader loader(shared, small_preprocess(), options_of(4, 0));
  EXPECT_EQ(&loader.samples(), shared.get());
  EXPECT_EQ(run(*loader.epoch(0)), run(*stream(options_of(4, 0))));
}

TEST_F(Loading, NoSamplesAreNoBatches) {
  const Loader loader({}, small_preprocess(), options_of(4, 4));
  EXPECT_EQ(loader.batches(), 0);
  EXPECT_FALSE(loader.epoch(0)->next());
}

TEST_F(Loading, ABatchMayBeLargerThanTheData) {
  write_pictures(3);
  const Loader loader(samples_, small_preprocess(), options_of(65'536, 4));
  EXPECT_EQ(loader.batches(), 1);
  EXPECT_EQ(loader.epoch(0)->next()->count, 3);
}

TEST_F(Loading, OptionsOutOfRangeAreUsageErrors) {
  const auto make = [&](const LoaderOptions& options, const LoaderPass& pass = {}) {
    Loader(samples_, small_preprocess(), options, pass);
  };
  EXPECT_THROW(make(options_of(0, 1)), UsageError);
  EXPECT_THROW(make(options_of(4, -1)), UsageError);
  EXPECT_THROW(make(options_of(4, 1, 0)), UsageError);
  EXPECT_THROW(make({}, {.max_pixels = 0}), UsageError);
  Preprocess preprocess;
  preprocess.crop = -1;
  EXPECT_THROW(Loader(samples_, preprocess, LoaderOptions()), Error);
  preprocess = {};
  preprocess.alpha = "glass";
  EXPECT_THROW(Loader(samples_, preprocess, LoaderOptions()), Error);
}

TEST_F(Loading, DecodeOptionsReachTheDecoder) {
  write_pictures(1);
  pass_.max_pixels = 10;
  EXPECT_THROW(stream(options_of(1, 0))->next(), Error);
}

// Four processes that each load their part: together they load what one process loads.
TEST_F(Loading, RanksShareEachBatch) {
  write_pictures(23);
  pass_ = {.shuffle = true, .augment = AugmentOptions(), .seed = 9};
  const Pass whole = run(*stream(options_of(7, 2), 1));
  for (const int workers : {0, 3}) {
    std::vector<std::unique_ptr<BatchStream>> ranks;
    for (int rank = 0; rank < 4; ++rank) {
      pass_.rank = rank;
      pass_.world_size = 4;
      pass_.empty_batches = true;
      ranks.push_back(stream(options_of(7, workers), 1));
    }
    Pass joined;
    for (const std::int64_t size : {7, 7, 7, 2}) {
      std::int64_t count = 0;
      Pass parts;
      for (const auto& rank : ranks) {
        const auto batch = rank->next();
        ASSERT_TRUE(batch);
        count += batch->count;
        add(parts, *batch);
      }
      EXPECT_EQ(count, size);
      joined.indices.insert(joined.indices.end(), parts.indices.begin(), parts.indices.end());
      joined.pixels.insert(joined.pixels.end(), parts.pixels.begin(), parts.pixels.end());
    }
    for (const auto& rank : ranks) EXPECT_FALSE(rank->next());
    EXPECT_EQ(joined.indices, whole.indices);
    EXPECT_EQ(joined.pixels, whole.pixels);
  }
}

// tools/goldens/data.py computes the same sum from torchvision's tensors.
std::uint64_t sum_of_bits(const float* image, std::size_t floats) {
  std::uint64_t sum = 0;
  for (std::uint64_t i = 0; i < floats; ++i) sum += std::bit_cast<std::uint32_t>(image[i]) * (2 * i + 1);
  return sum;
}

TEST(LoadingHymenoptera, EqualsTorchvisionInEveryBit) {
  if (test::hymenoptera().empty()) GTEST_SKIP() << test::no_hymenoptera;
  const Loader loader(open_data_set(test::hymenoptera()).val.samples, Preprocess(), options_of(16, 2));
  std::ifstream golden(test::golden("data/hymenoptera_val.txt"));
  std::string header;
  std::getline(golden, header);
  int pictures = 0;
  for (const auto stream = loader.epoch(0); const auto batch = stream->next();) {
    constexpr std::size_t floats = 3UL * 224 * 224;
    for (std::size_t i = 0; i < batch->labels.size(); ++i, ++pictures) {
      std::int64_t label = 0;
      std::uint64_t sum = 0;
      ASSERT_TRUE(golden >> std::dec >> label >> std::hex >> sum);
      EXPECT_EQ(batch->labels[i], label);
      EXPECT_EQ(sum_of_bits(batch->images.get() + i * floats, floats), sum)
          << loader.samples()[batch->indices[i]].path;
    }
  }
  EXPECT_EQ(pictures, 153);
}

}  // namespace
}  // namespace graft
