// What every model is: a torch::nn::Module with the reference's parameter names, whose last layer can be
// replaced. One thread at a time.
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
  // The backbone: the means of its feature maps, N×F, what the head takes (before the head's dropout, where
  // there is one), of the head's dtype.
  torch::Tensor features(const torch::Tensor& images) {
    return feature_maps(images).mean({2, 3}, /*keepdim=*/false, head()->weight.scalar_type());
  }
  // The head with its dropout, where there is one: N×F → N×classes.
  virtual torch::Tensor classify(const torch::Tensor& features) = 0;

  // The last linear layer and its name in the state dict ("fc").
  torch::nn::Linear head() const { return head_; }
  const std::string& head_name() const { return head_name_; }
  // Puts a new linear layer of `classes` outputs in the head's place, initialised as torch.nn.Linear is, on
  // the same device and of the same dtype.
  void replace_head(std::int64_t classes);

 protected:
  // For a constructor, after every other layer: the state dict follows the order of registration.
  void add_head(const std::string& name, std::int64_t features, std::int64_t classes);

 private:
  friend class Folded;

  std::string head_name_;
  torch::nn::Linear head_{nullptr};
  int folds_ = 0;  // scopes of Folded that stand
};

using NetworkPtr = std::shared_ptr<Network>;

// The kinds of convolutions that it is made of.
std::set<ConvKind> conv_kinds(const Network& network);

// While it stands, the network's backbone answers as in eval mode with every batch norm folded into the
// convolution before it: the same features within rounding, faster, and without gradients. The backbone's
// weights must not change meanwhile; the head may learn. Scopes may stand within each other; the outermost
// one decides the precision. With bf16 convolutions compute in bfloat16; features are of the head's dtype all
// the same.
class Folded {
 public:
  explicit Folded(Network& network, Precision precision = Precision::fp32);
  ~Folded();
  Folded(const Folded&) = delete;
  Folded& operator=(const Folded&) = delete;

 private:
  Network& network_;
};

}  // namespace graft
