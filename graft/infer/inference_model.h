// A model that is made ready to answer once, and then answers any number of threads at a time. Its words are
// those of Network (models/network.h).
//
//   const auto model = InferenceModel::compile(load_model("runs/pets"), select_device("auto"));
//   const torch::Tensor logits = model.logits(images);  // from any thread
//
// Immutable: it has its own copy of the weights, so that the network that it was made from may learn on, and
// its methods change nothing. Copies are cheap and share the weights. Each call computes with the threads of
// set_compute_threads(): where many threads call at once, 1 is fastest. After fork() see begin_compute()
// (device.h).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "graft/data/loader.h"
#include "graft/data/preprocess.h"
#include "graft/device/device.h"
#include "graft/device/torch.h"
#include "graft/image/image.h"
#include "graft/metrics/label_kind.h"
#include "graft/models/model_file.h"
#include "graft/task/task.h"

namespace graft {

class InferenceModel {
 public:
  // Copies the network to `device`, folds its batch norm into its convolutions, and chooses precision and
  // memory layout for pictures of the model's preprocess. automatic: as choose_precision() says. The network
  // may be in train mode and on another device; nothing may write to it meanwhile. Throws Error where bf16 is
  // asked for and is wrong here, and for a preprocess that cannot be (check_preprocess). What libtorch throws
  // passes through: it is the caller who knows what the model was needed for (with_engine_errors,
  // device/engine_error.h).
  static InferenceModel compile(const Model& model, const torch::Device& device,
                                Precision precision = Precision::fp32);

  // images: N×3×H×W, float32, normalised as preprocess() says, on any device. Results are on device(),
  // without gradients, and may hold values that are not finite: check_answers.h says which picture and layer
  // are to blame.
  torch::Tensor logits(const torch::Tensor& images) const;    // N×num_outputs()
  torch::Tensor features(const torch::Tensor& images) const;  // N×num_features(), what the last layer takes
  torch::Tensor forward_features(const torch::Tensor& images) const;  // maps or tokens: feature_info()
  torch::Tensor forward_body(const torch::Tensor& images) const;
  // These two follow the caller's gradient mode, so that gradients reach what they take.
  torch::Tensor forward_tail(const torch::Tensor& body) const;
  torch::Tensor forward_head(const torch::Tensor& features, bool pre_logits = false) const;

  const torch::Device& device() const { return device_; }
  const std::vector<std::string>& classes() const { return classes_; }
  const Preprocess& preprocess() const { return preprocess_; }
  const Task& task() const { return *task_; }  // what the outputs mean
  FeatureInfo feature_info() const { return network_->feature_info(); }
  std::int64_t num_outputs() const { return network_->head()->weight.size(0); }
  std::int64_t num_features() const { return network_->head()->weight.size(1); }

  // The network as it was copied, not folded, in eval mode: a new one at each call.
  NetworkPtr plain_network() const { return network_->copy_to(device_); }

 private:
  InferenceModel(NetworkPtr network, const torch::Device& device, Precision precision, const Model& model);

  NetworkPtr network_;  // folded, in eval mode
  torch::Device device_;
  Precision precision_;  // of the backbone
  std::vector<std::string> classes_;
  Preprocess preprocess_;
  std::shared_ptr<const Task> task_;
};

// Pictures as a model takes them.

// N×3×H×W, float32, without a copy where the device is the CPU; the tensor keeps the batch's pixels alive. It
// lies in memory as the batch does.
torch::Tensor images_of(const Batch& batch, const torch::Device& device);
// One picture as a batch, normalised as `preprocess` says: 1×3×H×W on the CPU, channels last in memory.
torch::Tensor images_of(const ImageView& picture, const Preprocess& preprocess);
// N, int64.
torch::Tensor labels_of(const Batch& batch, const torch::Device& device);

}  // namespace graft
