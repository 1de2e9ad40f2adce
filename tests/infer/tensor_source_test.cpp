#include "graft/infer/tensor_source.h"

#include <gtest/gtest.h>

#include "graft/infer/inference_model.h"
#include "tests/support/picture_set.h"
#include "tests/support/tiny_network.h"

namespace graft {
namespace {

TEST(LoaderSource, GivesTheLoadersBatches) {
  test::TemporaryFolder folder;
  test::write_data_set(folder);
  folder.write("train/red/bad.ppm", "P6\n");
  LoaderPass pass{.shuffle = true, .augment = AugmentOptions()};
  pass.layout = BatchLayout::channels_last;
  const Loader loader(open_data_set(folder.path()).train.samples, test::tiny_preprocess(),
                      {.batch_size = 7, .skip_bad = true}, pass);
  const auto source = loader_source(loader, torch::kCPU);
  EXPECT_EQ(source->size(), 25U);
  EXPECT_EQ(source->batches(), 4);
  const auto expected = loader.epoch(3);
  const auto stream = source->epoch(3);
  while (const auto batch = expected->next()) {
    const auto got = stream->next();
    ASSERT_TRUE(got);
    EXPECT_EQ(got->count(), batch->count);
    EXPECT_TRUE(torch::equal(got->images, images_of(*batch, torch::kCPU)));
    EXPECT_TRUE(got->images.is_contiguous(torch::MemoryFormat::ChannelsLast));
    EXPECT_TRUE(torch::equal(got->labels, labels_of(*batch, torch::kCPU)));
    EXPECT_EQ(got->truth, batch->labels);
    EXPECT_EQ(got->indices, batch->indices);
  }
  EXPECT_FALSE(stream->next());
  EXPECT_EQ(stream->bad().size(), 1U);
}

}  // namespace
}  // namespace graft
