#include "graft/infer/tensor_source.h"

#include <utility>

#include "graft/infer/inference_model.h"

namespace graft {
namespace {

class LoaderStream : public TensorStream {
 public:
  LoaderStream(std::unique_ptr<BatchStream> batches, const torch::Device& device)
      : batches_(std::move(batches)), device_(device) {}

  std::optional<TensorBatch> next() override {
    std::optional<Batch> batch = batches_->next();
    if (!batch) return std::nullopt;
    return TensorBatch{images_of(*batch, device_), labels_of(*batch, device_), std::move(batch->labels),
                       std::move(batch->indices)};
  }
  const std::vector<BadImage>& bad() const override { return batches_->bad(); }

 private:
  std::unique_ptr<BatchStream> batches_;
  torch::Device device_;
};

class LoaderSource : public TensorSource {
 public:
  LoaderSource(const Loader& loader, const torch::Device& device) : loader_(loader), device_(device) {}

  std::unique_ptr<TensorStream> epoch(std::uint64_t epoch) const override {
    return std::make_unique<LoaderStream>(loader_.epoch(epoch), device_);
  }
  const std::vector<Sample>& samples() const override { return loader_.samples(); }
  std::int64_t batches() const override { return loader_.batches(); }

 private:
  const Loader& loader_;
  torch::Device device_;
};

}  // namespace

std::unique_ptr<TensorSource> loader_source(const Loader& loader, const torch::Device& device) {
  return std::make_unique<LoaderSource>(loader, device);
}

}  // namespace graft
