#include "graft/infer/inference_model.h"

#include <utility>

#include "graft/device/autocast.h"
#include "graft/device/device.h"
#include "graft/device/precision_probe.h"
#include "graft/metrics/known_pictures.h"

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

// F×R.
torch::Tensor columns_of(const KnownPictures& known) {
  const auto rows = static_cast<std::int64_t>(known.rows());
  return torch::tensor(known.features).view({rows, known.num_features}).t().contiguous();
}

torch::Tensor distances_to_columns(const torch::Tensor& features, const torch::Tensor& columns) {
  const auto by_row = torch::nn::functional::NormalizeFuncOptions().dim(1);
  const torch::Tensor unit = torch::nn::functional::normalize(features.to(torch::kFloat32), by_row);
  return 1 - std::get<0>(unit.matmul(columns).max(1));
}

}  // namespace

torch::Tensor nearest_distances(const KnownPictures& known, const torch::Tensor& features) {
  const torch::NoGradGuard no_gradients;
  return distances_to_columns(features.cpu(), columns_of(known));
}

InferenceModel::InferenceModel(const torch::Device& device, Precision precision, Model&& model)
    : network_(std::move(model.network)),
      device_(device),
      precision_(precision),
      classes_(std::move(model.classes)),
      preprocess_(std::move(model.preprocess)),
      kind_(model.task.kind),
      task_(make_task(model.task)),
      set_scores_(std::move(model.set_scores)),
      known_(std::move(model.known)) {
  if (!known_) return;
  known_features_ = columns_of(*known_).to(device_);
}

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

torch::Tensor InferenceModel::distances(const torch::Tensor& features) const {
  const torch::NoGradGuard no_gradients;
  begin_compute(device_);
  return distances_to_columns(features.to(device_), known_features_);
}

torch::Tensor InferenceModel::signals(const torch::Tensor& images) const {
  if (!known_) return logits(images);
  const torch::NoGradGuard no_gradients;
  const torch::Tensor pre_logits = features(images);
  const torch::Tensor outputs = network_->classify(pre_logits);
  return torch::cat({outputs, distances(pre_logits).unsqueeze(1).to(outputs.dtype())}, 1);
}

torch::Tensor InferenceModel::logits(const torch::Tensor& images) const {
  const torch::NoGradGuard no_gradients;
  return forward_head(forward_features(images));
}

}  // namespace graft
