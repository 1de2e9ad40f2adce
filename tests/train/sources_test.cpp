#include "graft/train/sources.h"

#include <gtest/gtest.h>

#include "tests/support/picture_set.h"
#include "tests/support/tiny_network.h"

namespace graft {
namespace {

TEST(TrainSources, AreTheLoadersOnTheCpu) {
  test::TemporaryFolder folder;
  test::write_data_set(folder);
  const TrainingData data = open_data_set(folder.path());
  const Recipe recipe;
  const TrainLoaders loaders(data.train, data.val, test::tiny_preprocess(), recipe);
  const TrainSources sources =
      open_sources(loaders, test::tiny_preprocess(), recipe, torch::kCPU,
                   [](const Progress&) { ADD_FAILURE() << "nothing is read before the first request"; });
  EXPECT_EQ(sources.train->batches(), 6);
  EXPECT_EQ(sources.val->batches(), 3);
  EXPECT_EQ(sources.train->epoch(0)->next()->indices, loaders.train.epoch(0)->next()->indices);
}

TEST(TrainLoaders, KeepPicturesThatAreReadAgain) {
  test::TemporaryFolder folder;
  test::write_data_set(folder);
  const TrainingData data = open_data_set(folder.path());
  Recipe recipe;
  recipe.cache = "1M";
  const auto loaders = [&] { return TrainLoaders(data.train, data.val, test::tiny_preprocess(), recipe); };
  EXPECT_EQ(loaders().decoded->stats().budget, 1U << 20);
  recipe.epochs = 1;
  EXPECT_EQ(loaders().decoded, nullptr);
}

// Every rank gets training batches, but not necessarily validation batches.
TEST(TrainLoaders, OfARankHaveItsPartOfEachBatch) {
  test::TemporaryFolder folder;
  test::write_data_set(folder);
  const TrainingData data = open_data_set(folder.path());
  Recipe recipe;
  recipe.loader.batch_size = 1;
  std::size_t train = 0, val = 0;
  for (const int rank : {0, 1}) {
    const TrainLoaders loaders(data.train, data.val, test::tiny_preprocess(), recipe, rank, 2);
    std::size_t batches = 0;
    for (const auto stream = loaders.train.epoch(0); const auto batch = stream->next(); ++batches)
      train += batch->indices.size();
    EXPECT_EQ(batches, data.train.samples.size());
    for (const auto stream = loaders.val.epoch(0); const auto batch = stream->next();) {
      EXPECT_GT(batch->count, 0);
      val += batch->indices.size();
    }
  }
  EXPECT_EQ(train, data.train.samples.size());
  EXPECT_EQ(val, data.val.samples.size());
}

}  // namespace
}  // namespace graft
