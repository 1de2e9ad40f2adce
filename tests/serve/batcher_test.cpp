#include "graft/serve/batcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <limits>
#include <mutex>
#include <numeric>

#include "tests/support/tiny_network.h"

namespace graft {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class BatcherTest : public ::testing::Test {
 protected:
  // Collects the sizes of batches; the first batch waits until the others are added.
  BatchOptions options(int max_batch, double max_delay_ms = 0) {
    return {max_batch, max_delay_ms, [this](std::size_t images) {
              sizes_.push_back(images);
              if (sizes_.size() == 1) begin_.get_future().wait();
            }};
  }
  static torch::Tensor image(int seed) {
    torch::manual_seed(seed);
    return torch::randn({1, 3, 16, 16});
  }
  static std::future<torch::Tensor> added(Batcher& batcher, const torch::Tensor& image, Wanted wanted,
                                          const std::string& name = "a.jpg") {
    auto promise = std::make_shared<std::promise<torch::Tensor>>();
    batcher.announce();
    batcher.add(image, wanted, name, [promise](const torch::Tensor& row, const std::exception_ptr& problem) {
      problem ? promise->set_exception(problem) : promise->set_value(row);
    });
    return promise->get_future();
  }

  InferenceModel model_ = InferenceModel::compile(test::tiny_model({"a", "b", "c"}), torch::kCPU);
  ComputeLanes compute_{1};
  std::vector<std::size_t> sizes_;
  std::promise<void> begin_;
};

TEST_F(BatcherTest, EachImageGetsItsOwnRow) {
  std::vector<std::future<torch::Tensor>> rows;
  {
    Batcher batcher(model_, compute_, options(3));
    for (int i = 0; i < 8; ++i) rows.push_back(added(batcher, image(i), Wanted::signals));
    begin_.set_value();
  }
  for (int i = 0; i < 8; ++i)
    EXPECT_TRUE(torch::allclose(rows[static_cast<std::size_t>(i)].get(), model_.logits(image(i)), 1e-5, 1e-6))
        << i;
  EXPECT_EQ(std::accumulate(sizes_.begin(), sizes_.end(), std::size_t{0}), 8U);
  EXPECT_LE(*std::max_element(sizes_.begin(), sizes_.end()), 3U);
  EXPECT_GE(*std::max_element(sizes_.begin(), sizes_.end()), 2U);
}

TEST_F(BatcherTest, FeaturesAndOutputsAreDifferentBatches) {
  std::vector<std::future<torch::Tensor>> rows;
  {
    Batcher batcher(model_, compute_, options(8, 10'000));
    for (int i = 0; i < 5; ++i) batcher.announce();  // so that the batch begins with all of them
    for (int i = 0; i < 5; ++i) {
      rows.push_back(added(batcher, image(i), i < 2 ? Wanted::features : Wanted::signals));
      batcher.withdraw();
    }
    begin_.set_value();
  }
  EXPECT_THAT(sizes_, ElementsAre(2, 3));
  EXPECT_EQ(rows[0].get().size(1), 8);
  EXPECT_TRUE(torch::allclose(rows[1].get(), model_.features(image(1)), 1e-5, 1e-6));
  EXPECT_EQ(rows[2].get().size(1), 3);
}

TEST_F(BatcherTest, ABatchWaitsOnlyForAnnouncedImages) {
  begin_.set_value();
  Batcher batcher(model_, compute_, options(8, 1e7));
  added(batcher, image(1), Wanted::signals).get();  // at once: nothing else is announced
  batcher.announce();
  auto first = added(batcher, image(1), Wanted::signals);
  EXPECT_EQ(first.wait_for(std::chrono::milliseconds(100)), std::future_status::timeout);
  batcher.withdraw();
  first.get();
  EXPECT_THAT(sizes_, ElementsAre(1, 1));
}

TEST_F(BatcherTest, EveryLaneTakesItsShare) {
  ComputeLanes lanes(2);
  std::promise<void> end;
  const std::shared_future<void> ended = end.get_future().share();
  for (int i = 0; i < 2; ++i) lanes.add([ended] { ended.wait(); });
  std::mutex mutex;
  std::vector<std::size_t> sizes;
  std::vector<std::future<torch::Tensor>> rows;
  {
    Batcher batcher(model_, lanes, {8, 1e7, [&](std::size_t images) {
                                      const std::scoped_lock lock(mutex);
                                      sizes.push_back(images);
                                    }});
    for (int i = 0; i < 6; ++i) rows.push_back(added(batcher, image(i), Wanted::signals));
    end.set_value();
  }
  for (int i = 0; i < 6; ++i)
    EXPECT_TRUE(torch::allclose(rows[static_cast<std::size_t>(i)].get(), model_.logits(image(i)), 1e-5, 1e-6))
        << i;
  EXPECT_EQ(std::accumulate(sizes.begin(), sizes.end(), std::size_t{0}), 6U);
  EXPECT_LE(*std::max_element(sizes.begin(), sizes.end()), 3U);
}

TEST_F(BatcherTest, AnImageThatIsNotFiniteFailsAlone) {
  const torch::Tensor bad = torch::full({1, 3, 16, 16}, std::numeric_limits<float>::infinity());
  std::vector<std::future<torch::Tensor>> rows;
  {
    Batcher batcher(model_, compute_, options(8, 10'000));
    for (int i = 0; i < 3; ++i) batcher.announce();
    for (int i = 0; i < 3; ++i) {
      rows.push_back(added(batcher, i == 1 ? bad : image(i), Wanted::signals, std::to_string(i) + ".jpg"));
      batcher.withdraw();
    }
    begin_.set_value();
  }
  EXPECT_THAT(sizes_, ElementsAre(3));
  EXPECT_TRUE(torch::allclose(rows[0].get(), model_.logits(image(0)), 1e-5, 1e-6));
  EXPECT_TRUE(torch::allclose(rows[2].get(), model_.logits(image(2)), 1e-5, 1e-6));
  try {
    rows[1].get();
    ADD_FAILURE() << "no error";
  } catch (const AnswersNotFinite& error) {
    EXPECT_THAT(error.what(), HasSubstr("1.jpg"));
  }
}

}  // namespace
}  // namespace graft
