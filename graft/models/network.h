// The base class of every model: a torch::nn::Module with the reference's parameter names and, in timm's
// terms, a backbone (forward_features), a head (forward_head) with a replaceable last layer
// (reset_classifier), and a description for the rest of graft (feature_info, groups). Not thread-safe, except
// that in eval mode any number of threads may call the forward_*() functions and classify() at once: they
// change nothing.
//
//   class Small : public graft::Network {
//    public:
//     explicit Small(std::int64_t classes) {
//       conv_ = register_module("conv", torch::nn::Conv2d(torch::nn::Conv2dOptions(3, 16, 3).stride(2)));
//       add_head("fc", 16, classes);
//     }
//     torch::Tensor forward_features(const torch::Tensor& images) override { return conv_(images).relu(); }
//     graft::FeatureInfo feature_info() const override { return {.dim = 16, .reduction = 2}; }
//    protected:
//     graft::NetworkPtr make_alike() const override {
//       return std::make_shared<Small>(head()->weight.size(0));
//     }
//    private:
//     torch::nn::Conv2d conv_{nullptr};
//   };
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "graft/device/device.h"
#include "graft/device/torch.h"

namespace graft {

// maps: N×dim×H×W. tokens: N×T×dim. The first prefix_tokens (class token, registers) describe the whole
// image, the others the positions of a grid, row by row: ⌊height / reduction⌋ × ⌊width / reduction⌋ for
// images of height × width.
enum class FeatureKind { maps, tokens };
struct FeatureInfo {
  FeatureKind kind = FeatureKind::maps;
  std::int64_t dim = 0;
  std::int64_t reduction = 32;  // image pixels per position, on each side
  std::int64_t prefix_tokens = 0;
};

class Network : public torch::nn::Module {
 public:
  using torch::nn::Module::Module;

  // images: N×3×H×W, float, normalised by the model's Preprocess. Returns logits, N×classes.
  torch::Tensor forward(const torch::Tensor& images) { return forward_head(forward_features(images)); }

  // The backbone, before pooling. Returns maps or tokens, as described by feature_info().
  virtual torch::Tensor forward_features(const torch::Tensor& images) = 0;
  // Pooling and head. With pre_logits it returns the input of the last linear layer (before its dropout, if
  // any) in the head's dtype: N×F, or without a linear head N×positions×F; else logits.
  torch::Tensor forward_head(const torch::Tensor& features, bool pre_logits = false);
  // The last linear layer with its dropout: from the result of forward_head(…, true) to logits, N×classes.
  torch::Tensor classify(const torch::Tensor& pre_logits);
  // From images to the input of the last linear layer.
  torch::Tensor features(const torch::Tensor& images) { return forward_head(forward_features(images), true); }

  // forward_features() in two parts, for Grad-CAM, which explains a prediction on the output of the body
  // (shape: feature_info()). The tail is empty for a network whose head reads all positions. A network whose
  // head reads only a class token must put the last attention into the tail: after it the other tokens do not
  // influence the logits.
  virtual torch::Tensor forward_body(const torch::Tensor& images) { return forward_features(images); }
  virtual torch::Tensor forward_tail(const torch::Tensor& body) { return body; }

  virtual FeatureInfo feature_info() const = 0;
  // The names of all parameters, each once, in groups from the stem to the head: for learning rates that fall
  // from group to group and for gradual unfreezing. By default each child is a group, and each element of
  // Sequential, ModuleList and plain Module; a norm belongs to the layer before it; parameters of the network
  // itself and of these containers (a class token, position embeddings) belong to the first group; the head
  // is the last group (timm's fine groups).
  virtual std::vector<std::vector<std::string>> groups() const;
  // Parameters, besides biases and norms, that OptimizerOptions::no_weight_decay excludes from weight decay:
  // position embeddings, class tokens.
  virtual std::set<std::string> no_weight_decay() const { return {}; }
  // The kinds of its operators, for the choice of the precision; by default found from its modules. A network
  // that calls scaled_dot_product_attention itself, without Attention (transformer.h), must add
  // OpKind::attention.
  virtual std::set<OpKind> op_kinds() const;

  // The last linear layer and its name in the state dict: "fc", "classifier.3", "heads.head". Its weight is
  // classes×F; without a linear head classes×F×1×1.
  torch::nn::Linear head() const { return head_; }
  const std::string& head_name() const { return head_name_; }
  // Whether the logits are a linear function of the result of forward_head(…, true). Else the head is a
  // convolution that answers at each position, as SqueezeNet's: the logits are the mean of ReLU of its
  // outputs, so they are never negative, and a probe cannot fit it.
  bool has_linear_head() const { return linear_head_; }
  // Replaces the head by a new linear layer with `classes` ≥ 1 outputs, initialised as torch.nn.Linear is, on
  // the same device and of the same dtype, with a bias if the present one has a bias.
  void reset_classifier(std::int64_t classes);

  // A network with the same values on `device`, in eval mode and without gradients, not folded. It shares no
  // memory with this one.
  std::shared_ptr<Network> copy_to(const torch::Device& device) const;

 protected:
  // From features, of the head's dtype, to the input of the last linear layer: pooling and any layers in
  // between. By default the mean over all positions of maps; for tokens the first one if there are prefix
  // tokens, else the mean of all.
  virtual torch::Tensor pool(const torch::Tensor& features);

  // For forward_features(): throws UsageError for images below `least` pixels in height or width, which leave
  // a layer without input.
  void check_image_size(const torch::Tensor& images, std::int64_t least) const;

  // A new network with the same layers and number of classes, on the CPU; copy_to() overwrites all of its
  // tensors.
  virtual std::shared_ptr<Network> make_alike() const = 0;

  // A constructor calls one of the three, after it registers every other layer: the state dict follows the
  // order of registration. add_head() makes the layer in the module of the name ("head.fc": in "head", which
  // is created if it does not exist); head_is() uses the existing linear layer of the name. `dropout`: the
  // probability that a value before the layer is dropped in train mode.
  void add_head(const std::string& name, std::int64_t features, std::int64_t classes, double dropout = 0);
  // As add_head(), for a network without a linear head: a convolution 1×1. pool() must return
  // N×positions×features.
  void add_convolutional_head(const std::string& name, std::int64_t features, std::int64_t classes,
                              double dropout = 0);
  void head_is(const std::string& name, double dropout = 0);

 private:
  std::string head_name_;
  torch::nn::Linear head_{nullptr};
  double head_dropout_ = 0;
  bool linear_head_ = true;
};

using NetworkPtr = std::shared_ptr<Network>;

// Throws Error unless groups() names every parameter of the network once and no_weight_decay() only
// parameters.
void check_groups(const Network& network);

// Gives the layers their forms for inference, permanently: batch norm is folded into the convolution before
// it, and on the CPU the weights of convolutions and linear layers are packed for oneDNN. The values are
// those of eval mode within rounding. A pass over `trial`, typical input images (N×3×H×W), selects the
// fastest form for batches of `batch_size` images. With bf16, convolutions compute in bfloat16; logits keep
// the head's dtype. The network must be in eval mode on the device of `trial`; its weights must not change
// afterwards.
void prepare_for_inference(Network& network, Precision precision, const torch::Tensor& trial,
                           std::int64_t batch_size = 1);

}  // namespace graft
