#include "graft/train/epoch_average.h"

#include <algorithm>

#include "graft/train/snapshot.h"

namespace graft {
namespace {

std::vector<torch::Tensor> copies_of(const std::vector<torch::Tensor>& tensors) {
  std::vector<torch::Tensor> copies;
  for (const torch::Tensor& tensor : tensors) copies.push_back(tensor.detach().clone());
  return copies;
}

void copy_all(const std::vector<torch::Tensor>& from, const std::vector<torch::Tensor>& into) {
  for (std::size_t i = 0; i < from.size(); ++i) into[i].detach().copy_(from[i]);
}

}  // namespace

void mix_weights(const std::vector<torch::Tensor>& start,
                 const std::vector<const std::vector<torch::Tensor>*>& epochs, double share,
                 const std::vector<torch::Tensor>& into) {
  const torch::NoGradGuard no_gradients;
  for (std::size_t i = 0; i < into.size(); ++i) {
    if (!into[i].is_floating_point()) {
      into[i].copy_((*epochs.front())[i]);
      continue;
    }
    torch::Tensor mean = (*epochs.front())[i].to(torch::kFloat32);
    for (std::size_t n = 1; n < epochs.size(); ++n) mean = mean + (*epochs[n])[i];
    if (epochs.size() > 1) mean = mean / static_cast<double>(epochs.size());
    into[i].copy_(share == 1 ? mean : torch::lerp(start[i].to(torch::kFloat32), mean, share));
  }
}

EpochAverage::EpochAverage(const torch::nn::Module& network, int epochs, double interpolate)
    : interpolate_(interpolate),
      weights_(tensors_of(network)),
      start_(copies_of(weights_)),
      mixed_(copies_of(weights_)),
      count_(torch::zeros({}, torch::kInt64)) {
  for (int i = 0; i < epochs; ++i) epochs_.push_back(copies_of(weights_));
}

void EpochAverage::end_epoch() {
  const torch::NoGradGuard no_gradients;
  const std::int64_t number = (*count_.data_ptr<std::int64_t>())++;
  copy_all(weights_, epochs_[static_cast<std::size_t>(number) % epochs_.size()]);
  mix();
}

void EpochAverage::mix() {
  const auto count = static_cast<std::size_t>(*count_.data_ptr<std::int64_t>());
  std::vector<const std::vector<torch::Tensor>*> newest;
  for (std::size_t i = 0; i < std::min(count, epochs_.size()); ++i)
    newest.push_back(&epochs_[(count - 1 - i) % epochs_.size()]);
  if (newest.empty()) {
    copy_all(start_, mixed_);
  } else {
    mix_weights(start_, newest, interpolate_, mixed_);
  }
}

void EpochAverage::swap() {
  const torch::NoGradGuard no_gradients;
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    const torch::Tensor held = weights_[i].detach().clone();
    weights_[i].detach().copy_(mixed_[i]);
    mixed_[i].copy_(held);
  }
}

std::vector<torch::Tensor> EpochAverage::state() const {
  std::vector<torch::Tensor> tensors = {count_};
  tensors.insert(tensors.end(), start_.begin(), start_.end());
  for (const auto& epoch : epochs_) tensors.insert(tensors.end(), epoch.begin(), epoch.end());
  return tensors;
}

}  // namespace graft
