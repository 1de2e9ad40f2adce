#include "graft/train/resident_store.h"

#include <gtest/gtest.h>

#include "graft/core/error.h"
#include "tests/support/picture_set.h"
#include "tests/support/tiny_network.h"

namespace graft {
namespace {

class Store : public ::testing::Test {
 protected:
  Store() {
    test::write_pictures(folder_, "", {"blue", "green"}, 3);
    samples_ = list_folder(folder_.path(), {"blue", "green"}).samples;
    options_.workers = 2;
  }
  std::optional<ResidentStore> fill(std::uint64_t budget, const ProgressCallback& progress = {}) const {
    return fill_store(samples_, {}, options_, keep_shrunk(test::tiny_preprocess(), 1000), torch::kCPU, budget,
                      progress);
  }

  test::TemporaryFolder folder_;
  std::vector<Sample> samples_;
  LoaderOptions options_;
};

TEST_F(Store, HoldsEveryPixelOnce) {
  std::uint64_t done = 0;
  const auto store = fill(1 << 20, [&](const Progress& p) {
    EXPECT_EQ(p.total, 6U);
    done = p.done;
  });
  ASSERT_TRUE(store);
  EXPECT_EQ(done, 6U);
  std::int64_t first = 0;
  for (std::size_t i = 0; i < samples_.size(); ++i) {
    const Image image = read_image(samples_[i].path);
    const StoredPicture& picture = store->pictures[i];
    EXPECT_EQ(picture.first, first);
    EXPECT_EQ(picture.stored, (Size{image.height(), image.width()}));
    const std::int64_t count = std::int64_t{image.height()} * image.width();
    const auto pixels = store->pixels.narrow(0, first, count).contiguous();
    EXPECT_TRUE(
        std::equal(image.data(), image.data() + image.size_bytes(), pixels.const_data_ptr<std::uint8_t>()));
    first += count;
  }
  EXPECT_EQ(store->bytes(), static_cast<std::uint64_t>(first) * 3);
}

TEST_F(Store, IsNotFilledBeyondItsBudget) {
  const std::uint64_t bytes = fill(1 << 20)->bytes();
  EXPECT_TRUE(fill(bytes));
  EXPECT_FALSE(fill(bytes - 1));
}

TEST_F(Store, ABadPictureHasNoPixels) {
  samples_.insert(samples_.begin(), {folder_.write("bad.ppm", "P6\n").string(), 0});
  EXPECT_THROW(fill(1 << 20), Error);
  options_.skip_bad = true;
  const auto store = fill(1 << 20);
  EXPECT_EQ(store->bad.size(), 1U);
  EXPECT_EQ(store->pictures[0].stored, Size());
  EXPECT_EQ(store->pictures[1].first, 0);
}

TEST(ResidentBudget, IsAShareOfFreeMemory) {
  EXPECT_EQ(resident_budget("auto", 1000), 250U);
  EXPECT_EQ(resident_budget("off", 1000), 0U);
  EXPECT_EQ(resident_budget("1K", 1 << 20), 1024U);
  EXPECT_EQ(resident_budget("1G", 3000), 1000U);
  EXPECT_THROW(resident_budget("much", 1000), UsageError);
}

}  // namespace
}  // namespace graft
