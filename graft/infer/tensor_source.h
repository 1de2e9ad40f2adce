// Batches as tensors on a device, wherever they come from: a loader's workers, or memory of the device
// itself.
//
//   const auto source = loader_source(loader, device);
//   for (auto stream = source->epoch(0); auto batch = stream->next();) network.forward(batch->images);
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "graft/data/loader.h"
#include "graft/device/torch.h"

namespace graft {

struct TensorBatch {
  torch::Tensor images;                // N×3×H×W, float32, normalised
  torch::Tensor labels;                // N, int64
  std::vector<std::int64_t> truth;     // the labels again, where the host reads them
  std::vector<std::uint32_t> indices;  // N: which samples of the list
  std::vector<torch::Tensor> views{};  // the same pictures seen otherwise (test_time.h), as `images`

  std::int64_t count() const { return labels.size(0); }
};

// One pass over the samples; as BatchStream.
class TensorStream {
 public:
  virtual ~TensorStream() = default;
  virtual std::optional<TensorBatch> next() = 0;
  virtual const std::vector<BadImage>& bad() const = 0;
};

class TensorSource {
 public:
  virtual ~TensorSource() = default;
  // The order of the samples and their augmentation follow from the options' seed and this number.
  virtual std::unique_ptr<TensorStream> epoch(std::uint64_t epoch) const = 0;
  // What TensorBatch::indices number, unreadable ones among them.
  virtual const std::vector<Sample>& samples() const = 0;
  std::size_t size() const { return samples().size(); }
  virtual std::int64_t batches() const = 0;
};

// The loader's batches, each brought to the device when it is asked for; on the CPU without a copy. Images
// lie in memory as the loader's do. The loader must outlive it.
std::unique_ptr<TensorSource> loader_source(const Loader& loader, const torch::Device& device);

}  // namespace graft
