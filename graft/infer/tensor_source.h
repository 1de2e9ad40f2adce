// Batches as tensors on a device, from a loader's workers or from the device's memory.
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
  std::vector<std::int64_t> truth;     // the labels in host memory
  std::vector<std::uint32_t> indices;  // N: indices into samples()
  std::vector<torch::Tensor> views{};  // other views of the same pictures (test_time.h), as `images`

  std::int64_t count() const { return labels.size(0); }
};

// One pass over the samples, as BatchStream.
class TensorStream {
 public:
  virtual ~TensorStream() = default;
  virtual std::optional<TensorBatch> next() = 0;
  virtual const std::vector<BadImage>& bad() const = 0;
};

class TensorSource {
 public:
  virtual ~TensorSource() = default;
  // The order of the samples and their augmentation depend on the options' seed and `epoch`.
  virtual std::unique_ptr<TensorStream> epoch(std::uint64_t epoch) const = 0;
  // The list that TensorBatch::indices refer to, including unreadable samples.
  virtual const std::vector<Sample>& samples() const = 0;
  std::size_t size() const { return samples().size(); }
  virtual std::int64_t batches() const = 0;
};

// The loader's batches, each copied to the device on request; without a copy on the CPU. Images keep the
// loader's memory layout. The loader must outlive the result.
std::unique_ptr<TensorSource> loader_source(const Loader& loader, const torch::Device& device);

}  // namespace graft
