#include "graft/models/load.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "graft/core/error.h"

namespace graft {
namespace {

constexpr std::array<std::pair<DType, torch::ScalarType>, 10> dtypes = {{{DType::float32, torch::kFloat32},
                                                                         {DType::float64, torch::kFloat64},
                                                                         {DType::float16, torch::kFloat16},
                                                                         {DType::bfloat16, torch::kBFloat16},
                                                                         {DType::int64, torch::kInt64},
                                                                         {DType::int32, torch::kInt32},
                                                                         {DType::int16, torch::kInt16},
                                                                         {DType::int8, torch::kInt8},
                                                                         {DType::uint8, torch::kUInt8},
                                                                         {DType::boolean, torch::kBool}}};

void collect(const torch::nn::Module& module, const std::string& prefix,
             std::vector<std::pair<std::string, torch::Tensor>>& tensors) {
  for (const auto& item : module.named_parameters(/*recurse=*/false))
    tensors.emplace_back(prefix + item.key(), item.value());
  for (const auto& item : module.named_buffers(/*recurse=*/false))
    tensors.emplace_back(prefix + item.key(), item.value());
  for (const auto& child : module.named_children())
    collect(*child.value(), prefix + child.key() + ".", tensors);
}

}  // namespace

std::vector<std::pair<std::string, torch::Tensor>> named_tensors(const torch::nn::Module& network) {
  std::vector<std::pair<std::string, torch::Tensor>> tensors;
  collect(network, "", tensors);
  return tensors;
}

TensorView view_of(const torch::Tensor& tensor) {
  const auto found = std::find_if(dtypes.begin(), dtypes.end(),
                                  [&](const auto& pair) { return pair.second == tensor.scalar_type(); });
  if (found == dtypes.end())
    throw Error(c10::toString(tensor.scalar_type()), "is a dtype that weights files do not support");
  const auto* bytes = static_cast<const std::uint8_t*>(tensor.const_data_ptr());
  return {found->first, tensor.sizes().vec(), {bytes, tensor.nbytes()}};
}

TensorView keep_tensor(StateDict& state, const torch::Tensor& tensor) {
  const auto kept = std::make_shared<const torch::Tensor>(tensor.contiguous());
  state.owners.push_back(kept);
  return view_of(*kept);
}

std::int64_t count_parameters(const torch::nn::Module& network) {
  std::int64_t count = 0;
  for (const torch::Tensor& parameter : network.parameters()) count += parameter.numel();
  return count;
}

StateDict state_of(const torch::nn::Module& network) {
  StateDict state;
  for (const auto& [name, tensor] : named_tensors(network)) {
    state.tensors.push_back({name, keep_tensor(state, tensor.detach().cpu())});
  }
  return state;
}

torch::Tensor to_tensor(const TensorView& view) {
  const auto* found =
      std::find_if(dtypes.begin(), dtypes.end(), [&](const auto& pair) { return pair.first == view.dtype; });
  // from_blob requires writable memory; nothing here writes to it.
  auto* bytes = const_cast<std::uint8_t*>(view.bytes.data());
  if (reinterpret_cast<std::uintptr_t>(bytes) % bytes_of(view.dtype) == 0)
    return torch::from_blob(bytes, view.shape, found->second);
  torch::Tensor copy = torch::empty(view.shape, found->second);
  std::memcpy(copy.data_ptr(), bytes, view.bytes.size());
  return copy;
}

}  // namespace graft
