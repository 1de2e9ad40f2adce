// A model that is prepared for inference once and can then be used by any number of threads at once. Terms
// are those of Network (models/network.h).
//
//   const auto model = InferenceModel::compile(load_model("runs/pets"), select_device("auto"));
//   const torch::Tensor logits = model.logits(images);  // from any thread
//
// Immutable: its weights are its own, so training of the original network may continue, and its methods
// change nothing. Copies are cheap and share the weights. Each call computes with the threads of
// set_compute_threads(); if many threads call at once, 1 is fastest. For fork() see begin_compute()
// (device.h).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "graft/core/error.h"
#include "graft/data/loader.h"
#include "graft/data/preprocess.h"
#include "graft/device/device.h"
#include "graft/device/torch.h"
#include "graft/image/image.h"
#include "graft/metrics/outcomes.h"
#include "graft/models/model_file.h"
#include "graft/task/task.h"

namespace graft {

class InferenceModel {
 public:
  // Copies the network to `device`, folds its batch norm into its convolutions, and chooses precision and
  // memory layout for images of the model's preprocess. automatic: see choose_precision(). The network may be
  // in train mode and on another device; nothing may write to it during the call. Throws Error if bf16 is
  // requested and is wrong on this machine, and for an invalid preprocess (check_preprocess). Exceptions of
  // libtorch pass through: the caller adds the context (with_engine_errors, device/engine_error.h).
  // `batch_size`: the number of images of most calls, for which weights are laid out; others are slower.
  static InferenceModel compile(const Model& model, const torch::Device& device,
                                Precision precision = Precision::fp32, int batch_size = 1);
  // The same without a copy: takes over the network unless another pointer shares it.
  static InferenceModel compile(Model&& model, const torch::Device& device,
                                Precision precision = Precision::fp32, int batch_size = 1);

  // images: N×3×H×W, float32, normalised by preprocess(), on any device. Results are on device(), without
  // gradients, and may hold values that are not finite: check_answers() finds the picture and the layer.
  torch::Tensor logits(const torch::Tensor& images) const;    // N×num_outputs()
  torch::Tensor features(const torch::Tensor& images) const;  // N×num_features(), the input of the last layer
  // logits(), and if known() a last column of distances(): predictions_of() (predict.h) reads them.
  torch::Tensor signals(const torch::Tensor& images) const;
  torch::Tensor forward_features(const torch::Tensor& images) const;  // maps or tokens: feature_info()
  torch::Tensor forward_body(const torch::Tensor& images) const;
  // These two follow the caller's gradient mode, so that gradients can reach their input.
  torch::Tensor forward_tail(const torch::Tensor& body) const;
  torch::Tensor forward_head(const torch::Tensor& features, bool pre_logits = false) const;

  const torch::Device& device() const { return device_; }
  const std::vector<std::string>& classes() const { return classes_; }
  const Preprocess& preprocess() const { return preprocess_; }
  const Task& task() const { return *task_; }  // the meaning of the outputs
  LabelKind kind() const { return kind_; }     // of the labels; never automatic
  FeatureInfo feature_info() const { return network_->feature_info(); }
  // What tells pictures that are unlike the training pictures, or null (known_pictures.h).
  const KnownPictures* known() const { return known_.get(); }
  // 1 − the cosine of each row of features() and the nearest training picture's: N, float32. Only if known().
  torch::Tensor distances(const torch::Tensor& features) const;
  // For the probability from which a class belongs to a prediction set (conformal.h); may be empty.
  const std::vector<float>& set_scores() const { return set_scores_; }

  std::int64_t num_outputs() const { return network_->head()->weight.size(0); }
  std::int64_t num_features() const { return network_->head()->weight.size(1); }

  // A new copy of the original network, not folded, in eval mode.
  NetworkPtr plain_network() const { return network_->copy_to(device_); }

 private:
  InferenceModel(const torch::Device& device, Precision precision, Model&& model);

  NetworkPtr network_;  // folded, in eval mode
  torch::Device device_;
  Precision precision_;  // of the backbone
  std::vector<std::string> classes_;
  Preprocess preprocess_;
  LabelKind kind_;
  std::shared_ptr<const Task> task_;
  std::vector<float> set_scores_;
  std::shared_ptr<const KnownPictures> known_;
  torch::Tensor known_features_;  // transposed: F×R, on device_
};

// 1 − the cosine of each row of features (N×F) and the nearest of known.features: N, float32, on the CPU.
torch::Tensor nearest_distances(const KnownPictures& known, const torch::Tensor& features);

// Model inputs.

// N×3×H×W, float32, in the batch's memory layout, without a copy on the CPU; the tensor keeps the batch's
// pixels alive.
torch::Tensor images_of(const Batch& batch, const torch::Device& device);
// One image as a batch, normalised by `preprocess`: 1×3×H×W on the CPU, channels last in memory.
torch::Tensor images_of(const ImageView& picture, const Preprocess& preprocess);
// N, int64.
torch::Tensor labels_of(const Batch& batch, const torch::Device& device);

// The weights are finite, but the network's output is not.
class AnswersNotFinite : public Error {
 public:
  using Error::Error;
};

// A picture's file by its row in a batch.
using RowName = std::function<std::string(std::int64_t row)>;

// Throws Error unless all `answers` (logits or features, N×…) of the model for these images are finite. The
// Error names the parameter or buffer with the fault (check_tensors); else it is an AnswersNotFinite that
// names the first such picture, if `name_of` is not empty, and the first layer whose output is not finite.
// Thread-safe.
void check_answers(const InferenceModel& model, const torch::Tensor& answers, const torch::Tensor& images,
                   const RowName& name_of);

// The same for a network's logits of finite features: the fault is in the head.
void check_head_answers(const Network& network, const torch::Tensor& logits);

}  // namespace graft
