// What every model is: a torch::nn::Module with the reference's parameter names and, in timm's words, a
// backbone (forward_features), a head (forward_head) whose last layer can be replaced (reset_classifier), and
// what the rest of graft must know of it (feature_info, groups). One thread at a time, but in eval mode the
// forward_*() functions and classify() change nothing: any number of threads may call them at once then.
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

// maps: N×dim×H×W. tokens: N×T×dim, of which the first prefix_tokens (class token, registers) are of the
// whole image, and the others of the places of a grid, row by row: ⌊height / reduction⌋ × ⌊width / reduction⌋
// for images of height × width.
enum class FeatureKind { maps, tokens };
struct FeatureInfo {
  FeatureKind kind = FeatureKind::maps;
  std::int64_t dim = 0;
  std::int64_t reduction = 32;  // pixels of the image for a place, on each side
  std::int64_t prefix_tokens = 0;
};

class Network : public torch::nn::Module {
 public:
  using torch::nn::Module::Module;

  // images: N×3×H×W, float, normalised as the model's Preprocess says. Returns logits, N×classes.
  torch::Tensor forward(const torch::Tensor& images) { return forward_head(forward_features(images)); }

  // The backbone, before pooling: maps or tokens as feature_info() says.
  virtual torch::Tensor forward_features(const torch::Tensor& images) = 0;
  // All that follows: with pre_logits N×F, of the head's dtype, what the last linear layer takes (before its
  // dropout, where there is one); else logits.
  torch::Tensor forward_head(const torch::Tensor& features, bool pre_logits = false);
  // The last linear layer with its dropout: what forward_head(…, true) gives → N×classes.
  torch::Tensor classify(const torch::Tensor& pre_logits);
  // From images to what the last linear layer takes.
  torch::Tensor features(const torch::Tensor& images) { return forward_head(forward_features(images), true); }

  // forward_features() in two parts, for Grad-CAM: what the body gives, of the shape that feature_info()
  // says, is where an answer is explained. For a network whose head looks at all places nothing is left to
  // the tail. A network whose head looks at a class token alone must leave the last attention to the tail:
  // after it the other tokens do not reach the answer.
  virtual torch::Tensor forward_body(const torch::Tensor& images) { return forward_features(images); }
  virtual torch::Tensor forward_tail(const torch::Tensor& body) { return body; }

  virtual FeatureInfo feature_info() const = 0;
  // The names of all parameters, each once, in groups from the stem to the head: for learning rates that fall
  // from group to group and for layers that join the training one after another. As written here: each child
  // is a group, of Sequential and ModuleList each element; a norm belongs to the layer before it; parameters
  // of the network itself (a class token) to the first group; the head is the last (timm's fine groups).
  virtual std::vector<std::vector<std::string>> groups() const;
  // Parameters, beside biases and norms, that weight decay should leave alone where it is asked to
  // (OptimizerOptions::no_weight_decay): position embeddings, class tokens.
  virtual std::set<std::string> no_weight_decay() const { return {}; }
  // What it computes with, for the choice of a precision: found by its modules. A network that calls
  // scaled_dot_product_attention itself adds OpKind::attention.
  virtual std::set<OpKind> op_kinds() const;

  // The last linear layer and its name in the state dict: "fc", "classifier.3", "heads.head".
  torch::nn::Linear head() const { return head_; }
  const std::string& head_name() const { return head_name_; }
  // Puts a new linear layer of `classes` ≥ 1 outputs in the head's place, initialised as torch.nn.Linear is,
  // on the same device and of the same dtype.
  void reset_classifier(std::int64_t classes);

  // A network with the same values on `device`, in eval mode and without gradients, not folded. It shares no
  // memory with this one.
  std::shared_ptr<Network> copy_to(const torch::Device& device) const;

 protected:
  // From features, of the head's dtype, to what the last linear layer takes: pooling, with the layers that
  // stand between, where there are any. As written here: of maps the mean over all places; of tokens the
  // first where there are prefix tokens, else the mean of all.
  virtual torch::Tensor pool(const torch::Tensor& features);

  // A new network of the same layers and as many classes, on the CPU; copy_to() overwrites all of its
  // tensors.
  virtual std::shared_ptr<Network> make_alike() const = 0;

  // For a constructor, one of the two, after every other layer: the state dict follows the order of
  // registration. add_head() makes the layer, within the module that the name says ("head.fc": in "head",
  // which is made where it is not there); head_is() takes the linear layer that has the name already.
  // `dropout`: the chance that a value before it is dropped in train mode.
  void add_head(const std::string& name, std::int64_t features, std::int64_t classes, double dropout = 0);
  void head_is(const std::string& name, double dropout = 0);

 private:
  std::string head_name_;
  torch::nn::Linear head_{nullptr};
  double head_dropout_ = 0;
};

using NetworkPtr = std::shared_ptr<Network>;

// Throws Error unless groups() names every parameter of the network once, and no_weight_decay() only such.
void check_groups(const Network& network);

// Folds every batch norm into the convolution before it, for good: the backbone answers as in eval mode, the
// same within rounding, and faster. On the CPU what is fastest is chosen by a pass over `trial`, images
// (N×3×H×W) as the network will get them. With bf16 convolutions compute in bfloat16; logits are of the
// head's dtype all the same. The network is in eval mode, on the device of `trial`; its weights must not
// change any more. Other layers, layer norm too, stay as they are.
void fold_batch_norm(Network& network, Precision precision, const torch::Tensor& trial);

}  // namespace graft
