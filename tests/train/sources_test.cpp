#include "graft/train/sources.h"

#include <gtest/gtest.h>

#include "tests/support/picture_set.h"
#include "tests/support/tiny_network.h"

namespace graft {
namespace {

TEST(TrainSources, OnTheCpuAreTheLoaders) {
  test::TemporaryFolder folder;
  test::write_data_set(folder);
  const DataSet data = open_data_set(folder.path());
  const Recipe recipe;
  const Loader train(data.train.samples, test::tiny_preprocess(), recipe.loader, train_pass(recipe));
  const Loader val(data.val.samples, test::tiny_preprocess(), recipe.loader, val_pass(recipe));
  const TrainSources sources =
      open_sources(train, val, test::tiny_preprocess(), recipe, torch::kCPU,
                   [](const Progress&) { ADD_FAILURE() << "nothing is read before it is asked for"; });
  EXPECT_EQ(sources.train->batches(), 6);
  EXPECT_EQ(sources.val->batches(), 3);
  EXPECT_EQ(sources.train->epoch(0)->next()->indices, train.epoch(0)->next()->indices);
}

}  // namespace
}  // namespace graft
