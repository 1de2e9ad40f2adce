#include "graft/infer/inference_model.h"

#include <gtest/gtest.h>

#include <vector>

#include "graft/data/transform.h"

namespace graft {
namespace {

Batch counting_batch() {
  Batch batch;
  batch.count = 2;
  batch.size = 2;
  batch.images = std::shared_ptr<float[]>(new float[24]);
  for (int i = 0; i < 24; ++i) batch.images[i] = static_cast<float>(i);
  batch.labels = {1, 0};
  batch.indices = {5, 6};
  return batch;
}

TEST(BatchTensor, ImagesShareTheBatchsMemoryAndKeepIt) {
  torch::Tensor images;
  const float* pixels = nullptr;
  {
    const Batch batch = counting_batch();
    pixels = batch.images.get();
    images = images_of(batch, torch::kCPU);
  }
  EXPECT_EQ(images.data_ptr<float>(), pixels);
  EXPECT_TRUE(torch::equal(images, torch::arange(24, torch::kFloat32).view({2, 3, 2, 2})));
}

TEST(BatchTensor, OnePictureIsNormalisedInChannelsLast) {
  Image picture(2, 3);
  for (std::size_t i = 0; i < picture.size_bytes(); ++i)
    picture.data()[i] = static_cast<std::uint8_t>(10 * i);
  const auto images = images_of(picture.view(), Preprocess());
  EXPECT_TRUE(images.is_contiguous(torch::MemoryFormat::ChannelsLast));
  std::vector<float> planar(18);
  normalize_to(picture.view(), Preprocess(), planar.data());
  EXPECT_TRUE(torch::equal(images.contiguous(), torch::tensor(planar).view({1, 3, 2, 3})));
}

TEST(BatchTensor, LabelsAreInt64) {
  EXPECT_TRUE(torch::equal(labels_of(counting_batch(), torch::kCPU), torch::tensor({1, 0}, torch::kInt64)));
}

}  // namespace
}  // namespace graft
