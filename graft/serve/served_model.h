// A model that is ready to answer requests. Internal.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "graft/infer/inference_model.h"
#include "graft/serve/batcher.h"
#include "graft/serve/serve.h"
#include "graft/session/predict_pictures.h"

namespace graft {

class ServedModel {
 public:
  // `compute`: as for Batcher. Throws Error.
  ServedModel(const NamedModel& named, const ServeOptions& options, const torch::Device& device,
              ComputeLanes& compute, std::function<void(std::size_t)> batch);

  const std::string& name() const { return name_; }
  const std::string& architecture() const { return architecture_; }
  const OpenedModel& opened() const { return opened_; }
  const InferenceModel& model() const { return *model_; }
  Batcher& batcher() const { return *batcher_; }

  // The preprocessed image (transform_val) of an image file, or of pixels (RGB). Throws Error.
  Image read(std::span<const std::uint8_t> encoded, const std::string& name) const;
  Image read(const ImageView& pixels) const;

 private:
  std::string name_, architecture_;
  std::uint64_t max_pixels_;
  OpenedModel opened_;
  std::unique_ptr<const InferenceModel> model_;
  std::unique_ptr<Batcher> batcher_;
};

}  // namespace graft
