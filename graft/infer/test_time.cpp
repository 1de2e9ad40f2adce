#include "graft/infer/test_time.h"

#include <utility>

#include "graft/core/error.h"

namespace graft {
namespace {

using torch::Tensor;

// Each corner appears as it is and mirrored; the centre as it is, and the mirrored picture's centre mirrored.
constexpr std::array crop_places = {CropPlace::centre,      CropPlace::mirrored_centre,
                                    CropPlace::top_left,    CropPlace::top_right,
                                    CropPlace::bottom_left, CropPlace::bottom_right};

Tensor mirrored(const Tensor& images) { return images.flip(3).contiguous(torch::MemoryFormat::ChannelsLast); }

// Reads the same batches of every view: an unreadable picture is missing in all of them.
class ViewStream : public TensorStream {
 public:
  explicit ViewStream(std::vector<std::unique_ptr<TensorStream>> places) : places_(std::move(places)) {}

  std::optional<TensorBatch> next() override {
    std::optional<TensorBatch> batch = places_.front()->next();
    if (!batch) return batch;
    if (places_.size() == 1) batch->views.push_back(mirrored(batch->images));
    for (std::size_t i = 1; i < places_.size(); ++i) {
      const auto other = places_[i]->next();
      if (!other || other->indices != batch->indices)
        throw Error("test-time augmentation", "a picture changed while it was read", "try again");
      if (crop_places[i] != CropPlace::mirrored_centre) batch->views.push_back(other->images);
      batch->views.push_back(mirrored(other->images));
    }
    return batch;
  }
  const std::vector<BadImage>& bad() const override { return places_.front()->bad(); }

 private:
  std::vector<std::unique_ptr<TensorStream>> places_;
};

class ViewSource : public TensorSource {
 public:
  ViewSource(const SharedSamples& samples, const Preprocess& preprocess, const LoaderOptions& options,
             std::uint64_t max_pixels, Tta tta, const torch::Device& device)
      : tta_(tta) {
    for (std::size_t i = 0; i < (tta == Tta::crops ? crop_places.size() : 1); ++i) {
      LoaderPass pass;
      pass.place = crop_places[i];
      pass.layout = BatchLayout::channels_last;
      pass.max_pixels = max_pixels;
      loaders_.push_back(std::make_unique<Loader>(samples, preprocess, options, pass));
      sources_.push_back(loader_source(*loaders_.back(), device));
    }
  }

  std::unique_ptr<TensorStream> epoch(std::uint64_t epoch) const override {
    if (tta_ == Tta::off) return sources_.front()->epoch(epoch);
    std::vector<std::unique_ptr<TensorStream>> streams;
    for (const auto& source : sources_) streams.push_back(source->epoch(epoch));
    return std::make_unique<ViewStream>(std::move(streams));
  }
  const std::vector<Sample>& samples() const override { return sources_.front()->samples(); }
  std::int64_t batches() const override { return sources_.front()->batches(); }

 private:
  Tta tta_;
  std::vector<std::unique_ptr<Loader>> loaders_;
  std::vector<std::unique_ptr<TensorSource>> sources_;
};

Tensor logits_of(const InferenceModel& model, const Tensor& images, const RowName& name_of) {
  const Tensor logits = model.logits(images);
  check_answers(model, logits, images, name_of);
  return logits;
}

}  // namespace

std::unique_ptr<TensorSource> test_time_source(const SharedSamples& samples, const Preprocess& preprocess,
                                               const LoaderOptions& options, std::uint64_t max_pixels,
                                               Tta tta, const torch::Device& device) {
  if (tta == Tta::crops && (preprocess.fit != Fit::crop || preprocess.crop > preprocess.resize))
    throw UsageError("`tta`", "crops needs a model whose preprocess crops the picture",
                     "use `fit` crop or `tta` flip");
  return std::make_unique<ViewSource>(samples, preprocess, options, max_pixels, tta, device);
}

Tensor outputs_of(const InferenceModel& model, const TensorBatch& batch, const RowName& name_of) {
  const Tensor outputs = logits_of(model, batch.images, name_of);
  if (batch.views.empty()) return outputs;
  Tensor sum = model.task().answers(outputs);
  for (const Tensor& view : batch.views) sum += model.task().answers(logits_of(model, view, name_of));
  return model.task().outputs_of(sum / static_cast<double>(batch.views.size() + 1));
}

}  // namespace graft
