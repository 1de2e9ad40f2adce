// What every model is: a torch::nn::Module with the reference's parameter names, whose last layer can be replaced.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <memory>
#include <string>

namespace graft {

class Network : public torch::nn::Module {
 public:
  using torch::nn::Module::Module;

  // images: N×3×H×W, float, normalised as the model's Preprocess says. Returns logits, N×classes.
  torch::Tensor forward(const torch::Tensor& images) { return classify(features(images)); }

  // The backbone: pooled features, N×F, what the head takes (before the head's dropout, where there is one).
  virtual torch::Tensor features(const torch::Tensor& images) = 0;
  // The head with its dropout, where there is one: N×F → N×classes.
  virtual torch::Tensor classify(const torch::Tensor& features) = 0;

  // The last linear layer and its name in the state dict ("fc").
  virtual torch::nn::Linear head() const = 0;
  virtual std::string head_name() const = 0;
  // Puts a new linear layer of `classes` outputs in the head's place, initialised as torch.nn.Linear is.
  virtual void replace_head(std::int64_t classes) = 0;
};

using NetworkPtr = std::shared_ptr<Network>;

}  // namespace graft
