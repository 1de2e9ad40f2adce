// What every model is: a torch::nn::Module with the reference's parameter names, whose last layer can be
// replaced. One thread at a time, but in eval mode feature_maps() and classify() change nothing: any number
// of threads may call them at once then.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "graft/device/precision_probe.h"

namespace graft {

// What a new network's convolutions hold: random values as the reference initialises them, or whatever was in
// memory, for a network whose every tensor is loaded next (most of the time that building takes).
enum class Init { random, none };

class Network : public torch::nn::Module {
 public:
  using torch::nn::Module::Module;

  // images: N×3×H×W, float, normalised as the model's Preprocess says. Returns logits, N×classes.
  torch::Tensor forward(const torch::Tensor& images) { return classify(features(images)); }

  // The backbone before its pooling: N×F×h×w.
  virtual torch::Tensor feature_maps(const torch::Tensor& images) = 0;
  // The means of feature maps, N×F, of the head's dtype.
  torch::Tensor pool(const torch::Tensor& maps) const {
    return maps.mean({2, 3}, /*keepdim=*/false, head_->weight.scalar_type());
  }
  // The backbone: N×F, what the head takes (before the head's dropout, where there is one).
  torch::Tensor features(const torch::Tensor& images) { return pool(feature_maps(images)); }
  // The head with its dropout, where there is one: N×F → N×classes.
  virtual torch::Tensor classify(const torch::Tensor& features) = 0;

  // The last linear layer and its name in the state dict ("fc").
  torch::nn::Linear head() const { return head_; }
  const std::string& head_name() const { return head_name_; }
  // Puts a new linear layer of `classes` outputs in the head's place, initialised as torch.nn.Linear is, on
  // the same device and of the same dtype.
  void replace_head(std::int64_t classes);

  // A network with the same values on `device`, in eval mode and without gradients, not folded. It shares no
  // memory with this one.
  std::shared_ptr<Network> copy_to(const torch::Device& device) const;

 protected:
  // A new network of the same layers and as many classes, on the CPU; copy_to() overwrites all of its
  // tensors.
  virtual std::shared_ptr<Network> make_alike() const = 0;
  // For a constructor, after every other layer: the state dict follows the order of registration.
  void add_head(const std::string& name, std::int64_t features, std::int64_t classes);

 private:
  std::string head_name_;
  torch::nn::Linear head_{nullptr};
};

using NetworkPtr = std::shared_ptr<Network>;

// The kinds of convolutions that it is made of.
std::set<ConvKind> conv_kinds(const Network& network);

// Folds every batch norm into the convolution before it, for good: the backbone answers as in eval mode, the
// same within rounding, faster, and without gradients. On the CPU what is fastest is chosen by a pass over
// `trial`, images (N×3×H×W) as the network will get them. With bf16 convolutions compute in bfloat16;
// features are of the head's dtype all the same. The network is in eval mode, on the device of `trial`; its
// weights must not change any more.
void fold_batch_norm(Network& network, Precision precision, const torch::Tensor& trial);

}  // namespace graft
