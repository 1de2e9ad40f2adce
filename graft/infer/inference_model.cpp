#include "graft/infer/inference_model.h"

#include <utility>

#include "graft/device/autocast.h"
#include "graft/device/device.h"
#include "graft/device/precision_probe.h"

namespace graft {
namespace {

// An image with the largest possible inputs: half noise, a quarter black and a quarter white.
Image trial_picture(int size) {
  Image picture(size, size);
  for (int y = 0; y < size; ++y) {
    for (std::size_t x = 0; x < picture.stride(); ++x) {
      const auto place = static_cast<std::uint32_t>(static_cast<std::size_t>(y) * picture.stride() + x);
      const bool noise = 2 * y < size, left = 2 * x < picture.stride();
      picture.row(y)[x] = noise ? static_cast<std::uint8_t>(place * 2654435761U >> 24U) : left ? 0 : 255;
    }
  }
  return picture;
}

void move_for_inference(Network& network, const torch::Device& device) {
  network.to(device);
  network.eval();
  for (torch::Tensor& parameter : network.parameters()) parameter.requires_grad_(false);
}

}  // namespace

InferenceModel::InferenceModel(const torch::Device& device, Precision precision, Model&& model)
    : network_(std::move(model.network)),
      device_(device),
      precision_(precision),
      classes_(std::move(model.classes)),
      preprocess_(std::move(model.preprocess)),
      task_(make_task(model.task)) {}

InferenceModel InferenceModel::compile(const Model& model, const torch::Device& device, Precision precision,
                                       int batch_size) {
  return compile(Model(model), device, precision, batch_size);
}

InferenceModel InferenceModel::compile(Model&& model, const torch::Device& device, Precision precision,
                                       int batch_size) {
  check_preprocess(model.preprocess, "the network's input");
  begin_compute(device);
  const Precision chosen = choose_precision(precision, model.network->op_kinds(), device).precision;
  if (model.network.use_count() == 1) {
    move_for_inference(*model.network, device);
  } else {
    model.network = model.network->copy_to(device);
  }
  const Image picture = trial_picture(model.preprocess.crop);
  prepare_for_inference(*model.network, chosen, images_of(picture.view(), model.preprocess).to(device),
                        batch_size);
  return {device, chosen, std::move(model)};
}

torch::Tensor InferenceModel::forward_body(const torch::Tensor& images) const {
  begin_compute(device_);
  const torch::NoGradGuard no_gradients;
  // Autocast is for the other layers: folded convolutions have their own dtype.
  const Autocast autocast(device_, precision_);
  // Convolutions keep the memory layout of their input; channels last is the fastest with oneDNN and cuDNN.
  return network_->forward_body(images.to(device_).contiguous(torch::MemoryFormat::ChannelsLast));
}

torch::Tensor InferenceModel::forward_tail(const torch::Tensor& body) const {
  begin_compute(device_);
  const Autocast autocast(device_, precision_);
  return network_->forward_tail(body);
}

torch::Tensor InferenceModel::forward_head(const torch::Tensor& features, bool pre_logits) const {
  begin_compute(device_);
  return network_->forward_head(features, pre_logits);
}

torch::Tensor InferenceModel::forward_features(const torch::Tensor& images) const {
  const torch::NoGradGuard no_gradients;
  return forward_tail(forward_body(images));
}

torch::Tensor InferenceModel::features(const torch::Tensor& images) const {
  const torch::NoGradGuard no_gradients;
  return forward_head(forward_features(images), /*pre_logits=*/true);
}

torch::Tensor InferenceModel::logits(const torch::Tensor& images) const {
  const torch::NoGradGuard no_gradients;
  return forward_head(forward_features(images));
}

}  // namespace graft
