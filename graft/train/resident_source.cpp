#include "graft/train/resident_source.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "graft/core/random.h"
#include "graft/data/crop_plan.h"
#include "graft/data/random_streams.h"
#include "graft/data/sample_order.h"
#include "graft/train/crop_batch.h"

namespace graft {
namespace {

using torch::Tensor;
using Indices = std::vector<std::uint32_t>;

// Images first … first + count − 1 of an epoch's order.
using ImagesOf = std::function<Tensor(std::int64_t first, std::int64_t count)>;

struct Along {
  std::int64_t first = 0, used = 0;
  double start = 0, extent = 0;
};

// One axis of a box of the original picture, in stored pixels.
Along along(int start, int extent, int whole, int stored) {
  const double scale = static_cast<double>(stored) / whole;
  const double begin = start * scale, length = extent * scale, first = std::floor(begin);
  const double end = std::min(std::ceil(begin + length), static_cast<double>(stored));
  return {static_cast<std::int64_t>(first), static_cast<std::int64_t>(end - first), begin - first, length};
}

StoredCrop stored_crop(const StoredPicture& picture, const CropPlan& plan) {
  const Along y = along(plan.box.top, plan.box.height, picture.whole.height, picture.stored.height);
  const Along x = along(plan.box.left, plan.box.width, picture.whole.width, picture.stored.width);
  return {picture.first + y.first * picture.stored.width + x.first,
          picture.stored.width,
          y.used,
          x.used,
          {y.start, x.start, y.extent, x.extent},
          plan.flip};
}

class ResidentStream : public TensorStream {
 public:
  // kept: the epoch's samples in order, without unreadable ones; sizes: those of its batches.
  ResidentStream(Indices kept, std::vector<std::int64_t> sizes, const std::vector<Sample>& samples,
                 const std::vector<BadImage>& bad, const torch::Device& device, ImagesOf images_at)
      : kept_(std::move(kept)), sizes_(std::move(sizes)), bad_(bad), images_of_(std::move(images_at)) {
    for (const std::uint32_t index : kept_) truth_.push_back(samples[index].label);
    labels_ = torch::tensor(truth_, torch::kInt64).to(device);
  }

  std::optional<TensorBatch> next() override {
    if (taken_ == sizes_.size()) return std::nullopt;
    const std::int64_t count = sizes_[taken_++], first = std::exchange(first_, first_ + count);
    return TensorBatch{images_of_(first, count),
                       labels_.narrow(0, first, count),
                       {truth_.begin() + first, truth_.begin() + first_},
                       {kept_.begin() + first, kept_.begin() + first_}};
  }
  const std::vector<BadImage>& bad() const override { return bad_; }

 private:
  Indices kept_;
  std::vector<std::int64_t> sizes_, truth_;
  const std::vector<BadImage>& bad_;
  ImagesOf images_of_;
  Tensor labels_;
  std::size_t taken_ = 0;
  std::int64_t first_ = 0;
};

class ResidentBatches : public TensorSource {
 public:
  ResidentBatches(ResidentStore store, const std::vector<Sample>& samples, const Preprocess& preprocess,
                  const LoaderOptions& options, const LoaderPass& pass, const torch::Device& device)
      : store_(std::move(store)),
        samples_(samples),
        preprocess_(preprocess),
        batch_size_(static_cast<std::size_t>(options.batch_size)),
        pass_(pass),
        device_(device),
        cropper_(preprocess, pass.layout, device),
        scale_(normalize_scale(preprocess, device)),
        shift_(normalize_shift(preprocess, device)) {}

  std::unique_ptr<TensorStream> epoch(std::uint64_t epoch) const override {
    Indices kept;
    std::vector<std::int64_t> sizes;
    const BatchOrder order(sample_order(samples_, pass_, epoch), batch_size_, pass_.rank, pass_.world_size);
    for (std::size_t number = 0; number < order.batches(); ++number) {
      const std::size_t before = kept.size();
      const auto part = order.batch(number);
      std::copy_if(part.begin(), part.end(), std::back_inserter(kept),
                   [&](std::uint32_t index) { return store_.pictures[index].stored.height > 0; });
      if (kept.size() > before || pass_.empty_batches)
        sizes.push_back(static_cast<std::int64_t>(kept.size() - before));
    }
    ImagesOf images = pass_.augment ? random_crops(kept, epoch) : whole_crops(kept);
    return std::make_unique<ResidentStream>(std::move(kept), std::move(sizes), samples_, store_.bad, device_,
                                            std::move(images));
  }
  const std::vector<Sample>& samples() const override { return samples_; }
  std::int64_t batches() const override {
    return static_cast<std::int64_t>(batch_count(samples_.size(), batch_size_));
  }

 private:
  ImagesOf random_crops(const Indices& kept, std::uint64_t epoch) const {
    std::vector<StoredCrop> crops;
    for (const std::uint32_t index : kept) {
      const StoredPicture& picture = store_.pictures[index];
      crops.push_back(
          stored_crop(picture, train_plan(picture.whole, preprocess_, pass_.augment->min_scale,
                                          Random(pass_.seed, epoch, index, random_stream::augment))));
    }
    return [this, table = CropTable(std::move(crops), device_)](std::int64_t first, std::int64_t count) {
      return cropper_(store_.pixels, table, first, count);
    };
  }

  // The stored images are the final crops.
  ImagesOf whole_crops(const Indices& kept) const {
    const std::int64_t side = preprocess_.crop;
    std::vector<std::int64_t> numbers;
    for (const std::uint32_t index : kept) numbers.push_back(store_.pictures[index].first / (side * side));
    const auto format = pass_.layout == BatchLayout::channels_last ? torch::MemoryFormat::ChannelsLast
                                                                   : torch::MemoryFormat::Contiguous;
    return [this, side, format, rows = torch::tensor(numbers, torch::kInt64).to(device_)](
               std::int64_t first, std::int64_t count) {
      const Tensor crops =
          store_.pixels.view({-1, side, side, 3}).index_select(0, rows.narrow(0, first, count));
      const Tensor levels = crops.permute({0, 3, 1, 2}).to(torch::kFloat32);
      return torch::addcmul(shift_, levels, scale_).contiguous(format);
    };
  }

  ResidentStore store_;
  const std::vector<Sample>& samples_;
  Preprocess preprocess_;
  std::size_t batch_size_;
  LoaderPass pass_;
  torch::Device device_;
  BatchCropper cropper_;
  Tensor scale_, shift_;
};

}  // namespace

ResidentSource resident_source(const std::vector<Sample>& samples, const Preprocess& preprocess,
                               const LoaderOptions& options, const LoaderPass& pass,
                               const ResidentOptions& where, const ProgressCallback& progress) {
  const PictureMaker make =
      pass.augment ? keep_shrunk(preprocess, resident_sides * preprocess.crop) : keep_val_crop(preprocess);
  std::optional<ResidentStore> store = fill_store(samples, decode_options_of(preprocess, pass.max_pixels),
                                                  options, make, where.device, where.budget, progress);
  if (!store) return {};
  const std::uint64_t bytes = store->bytes();
  return {
      std::make_unique<ResidentBatches>(std::move(*store), samples, preprocess, options, pass, where.device),
      bytes};
}

}  // namespace graft
