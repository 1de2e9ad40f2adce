#include "graft/train/ema.h"

#include <algorithm>

namespace graft {

Ema::Ema(const torch::nn::Module& network, double decay)
    : decay_(decay), steps_(torch::zeros({}, torch::kInt64)) {
  for (const auto& tensors : {network.parameters(), network.buffers()}) {
    for (const torch::Tensor& tensor : tensors) {
      weights_.push_back(tensor);
      average_.push_back(tensor.detach().clone());
    }
  }
}

void Ema::update() {
  const torch::NoGradGuard no_gradients;
  const auto steps = static_cast<double>(++*steps_.data_ptr<std::int64_t>());
  const double decay = std::min(decay_, (1 + steps) / (10 + steps));
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    if (average_[i].is_floating_point()) {
      average_[i].lerp_(weights_[i].detach(), 1 - decay);
    } else {
      average_[i].copy_(weights_[i]);
    }
  }
}

void Ema::swap() {
  const torch::NoGradGuard no_gradients;
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    const torch::Tensor held = weights_[i].detach().clone();
    weights_[i].copy_(average_[i]);
    average_[i].copy_(held);
  }
}

std::vector<torch::Tensor> Ema::state() const {
  std::vector<torch::Tensor> tensors = {steps_};
  tensors.insert(tensors.end(), average_.begin(), average_.end());
  return tensors;
}

}  // namespace graft
