#include "graft/serve/served_model.h"

#include <utility>

#include "graft/data/crop_plan.h"
#include "graft/device/engine_error.h"
#include "graft/image/open_image.h"
#include "graft/models/model_file.h"
#include "graft/session/open_model.h"

namespace graft {

ServedModel::ServedModel(const NamedModel& named, const ServeOptions& options, const torch::Device& device,
                         ComputeLanes& compute, std::function<void(std::size_t)> batch)
    : name_(named.name), max_pixels_(options.max_pixels) {
  Model model = open_model(named.path);
  architecture_ = model.architecture;
  opened_ = {model.classes, model.task.kind};
  model_ = std::make_unique<const InferenceModel>(with_engine_errors(named.path, [&] {
    return InferenceModel::compile(std::move(model), device, Precision::fp32, options.max_batch);
  }));
  batcher_ = std::make_unique<Batcher>(
      *model_, compute, BatchOptions{options.max_batch, options.max_delay_ms, std::move(batch)});
}

Image ServedModel::read(std::span<const std::uint8_t> encoded, const std::string& name) const {
  const Preprocess& preprocess = model_->preprocess();
  OpenImage picture(encoded, name, decode_options_of(preprocess, max_pixels_));
  return read_val(picture, preprocess);
}

Image ServedModel::read(const ImageView& pixels) const { return transform_val(pixels, model_->preprocess()); }

}  // namespace graft
