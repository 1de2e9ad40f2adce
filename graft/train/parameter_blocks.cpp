#include "graft/train/parameter_blocks.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace graft {
namespace {

bool is_head(const Network& network, const torch::nn::Module& module) {
  return &module == static_cast<const torch::nn::Module*>(network.head().get());
}

bool is_norm(const torch::nn::Module& module) { return module.as<torch::nn::BatchNorm2dImpl>() != nullptr; }

// How many of `blocks` learn in `epoch`, counted from the head down.
std::size_t joined(std::size_t blocks, const Recipe& recipe, int epoch) {
  if (recipe.freeze) return 0;
  if (epoch >= recipe.unfreeze_epochs) return blocks;
  return blocks * static_cast<std::size_t>(epoch) / static_cast<std::size_t>(recipe.unfreeze_epochs);
}

}  // namespace

std::vector<std::vector<torch::Tensor>> parameter_blocks(const Network& network) {
  std::vector<std::vector<torch::Tensor>> blocks;
  const auto add = [&](const torch::nn::Module& module) {
    const auto parameters = module.parameters();
    if (parameters.empty() || is_head(network, module)) return;
    if (blocks.empty() || !is_norm(module)) blocks.emplace_back();
    blocks.back().insert(blocks.back().end(), parameters.begin(), parameters.end());
  };
  // Containers, which may lie within each other, are not blocks: their elements are.
  const std::function<void(const torch::nn::Module&)> visit = [&](const torch::nn::Module& module) {
    for (const auto& child : module.children()) {
      const bool container = child->as<torch::nn::SequentialImpl>() != nullptr ||
                             child->as<torch::nn::ModuleListImpl>() != nullptr;
      container ? visit(*child) : add(*child);
    }
  };
  visit(network);
  return blocks;
}

std::vector<ParameterGroup> parameter_groups(const Network& network, const Recipe& recipe) {
  std::vector<ParameterGroup> groups = {{network.head()->parameters(), 1}};
  if (recipe.freeze) return groups;
  auto blocks = parameter_blocks(network);
  double scale = recipe.backbone_lr;
  for (auto block = blocks.rbegin(); block != blocks.rend(); ++block) {
    scale *= recipe.layer_decay;
    if (recipe.layer_decay == 1 && groups.size() > 1) {  // one rate, one group
      groups.back().parameters.insert(groups.back().parameters.end(), block->begin(), block->end());
    } else {
      groups.push_back({*block, scale});
    }
  }
  return groups;
}

void set_trainable(Network& network, const Recipe& recipe, int epoch) {
  auto blocks = parameter_blocks(network);
  const std::size_t learning = joined(blocks.size(), recipe, epoch);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    for (torch::Tensor& parameter : blocks[i]) parameter.requires_grad_(i + learning >= blocks.size());
  }
  for (torch::Tensor& parameter : network.head()->parameters()) parameter.requires_grad_(true);
}

}  // namespace graft
