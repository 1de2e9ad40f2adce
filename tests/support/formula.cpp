#include "tests/support/formula.h"

#include <cmath>

#include "graft/models/load.h"

namespace graft::test {
std::uint64_t fnv1a(const std::string& text) {
  std::uint64_t value = 0xCBF29CE484222325ULL;
  for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return value;
}

torch::Tensor formula_tensor(const std::string& name, const std::vector<std::int64_t>& shape, double center,
                             double scale) {
  torch::Tensor tensor = torch::empty(shape);
  auto* values = tensor.data_ptr<float>();
  std::uint64_t state = fnv1a(name);
  for (std::int64_t i = 0; i < tensor.numel(); ++i) {
    std::uint64_t z = state += 0x9E3779B97F4A7C15ULL;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    z ^= z >> 31;
    const double u = static_cast<double>(z >> 40) * 0x1.0p-23 - 1.0;
    values[i] = static_cast<float>(center + scale * u);
  }
  return tensor;
}

torch::Tensor formula_parameter(const std::string& name, const std::vector<std::int64_t>& shape) {
  if (name.ends_with("num_batches_tracked")) return torch::zeros(shape, torch::kInt64);
  if (name.ends_with("running_var")) return formula_tensor(name, shape, 1.0, 0.5);
  // As large as the tokens to which it is added.
  if (name.ends_with("pos_embed") || name.ends_with("pos_embedding"))
    return formula_tensor(name, shape, 0.0, 1.0);
  if (shape.size() >= 2) {  // Var(u) = 1/3: convolutions and linear layers preserve the scale of activations
    std::int64_t fan_in = 1;
    for (std::size_t i = 1; i < shape.size(); ++i) fan_in *= shape[i];
    return formula_tensor(name, shape, 0.0, std::sqrt(3.0 / static_cast<double>(fan_in)));
  }
  if (name.ends_with("weight")) return formula_tensor(name, shape, 1.0, 0.25);  // of a batch norm
  return formula_tensor(name, shape, 0.0, 0.125);                               // biases, running means
}

void fill_with_formula(torch::nn::Module& network) {
  const torch::NoGradGuard no_gradients;
  for (auto& [name, tensor] : named_tensors(network)) {
    const bool is_table =
        name.ends_with("relative_position_index") || name.ends_with("relative_coords_table");
    if (!is_table) tensor.copy_(formula_parameter(name, tensor.sizes().vec()));
  }
}

void fill_for_training(torch::nn::Module& resnet18) {
  const torch::NoGradGuard no_gradients;
  fill_with_formula(resnet18);
  for (auto& [name, tensor] : named_tensors(resnet18)) {
    if (name == "fc.weight") tensor.mul_(0.125);
    if (name.starts_with("layer") && name.ends_with("bn2.weight")) tensor.mul_(0.25);
  }
}

}  // namespace graft::test
