#include "graft/infer/inference_model.h"

#include "graft/data/normalize.h"

namespace graft {

torch::Tensor images_of(const Batch& batch, const torch::Device& device) {
  const auto keep_alive = batch.images;
  const std::int64_t size = batch.size, image = 3 * size * size;
  const bool planar = batch.layout == BatchLayout::planar;
  const std::vector<std::int64_t> strides = planar ? std::vector<std::int64_t>{image, size * size, size, 1}
                                                   : std::vector<std::int64_t>{image, 1, 3 * size, 3};
  return torch::from_blob(
             batch.images.get(), {batch.count, 3, size, size}, strides,
             [keep_alive](void*) { (void)keep_alive; }, torch::kFloat32)
      .to(device);
}

torch::Tensor images_of(const ImageView& picture, const Preprocess& preprocess) {
  torch::Tensor images =
      torch::empty({1, 3, picture.height, picture.width},
                   torch::TensorOptions(torch::kFloat32).memory_format(torch::MemoryFormat::ChannelsLast));
  Normalizer(preprocess).write(picture, false, BatchLayout::channels_last, images.data_ptr<float>());
  return images;
}

torch::Tensor labels_of(const Batch& batch, const torch::Device& device) {
  return torch::tensor(batch.labels, torch::kInt64).to(device);
}

}  // namespace graft
