#include "graft/device/warm_up.h"

namespace graft {

void warm_up(const std::vector<torch::Tensor>& state, const std::function<void()>& work, int times) {
  std::vector<torch::Tensor> values;
  for (const torch::Tensor& tensor : state) values.push_back(tensor.detach().clone());
  const auto put_back = [&] {
    const torch::NoGradGuard no_gradients;
    for (std::size_t i = 0; i < state.size(); ++i) state[i].copy_(values[i]);
  };
  try {
    for (int i = 0; i < times; ++i) work();
  } catch (...) {
    put_back();
    throw;
  }
  put_back();
}

}  // namespace graft
