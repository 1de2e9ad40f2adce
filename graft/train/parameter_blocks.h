// A network's parameters by depth: for learning rates that fall towards the input, and for layers that join
// the training one after another.
#pragma once

#include <torch/torch.h>

#include <vector>

#include "graft/models/network.h"
#include "graft/train/optimizer.h"
#include "graft/train/recipe.h"

namespace graft {

// The backbone's parameters in blocks from the input on: each child of the network is one, of a sequence each
// element, and a batch norm belongs to the layer before it (timm's fine groups for these families).
std::vector<std::vector<torch::Tensor>> parameter_blocks(const Network& network);

// What the optimiser is to move: the head, and without recipe.freeze the blocks. Of n blocks the i-th from
// the head down learns at recipe.backbone_lr · recipe.layer_decay^i of the rate (BEiT, arXiv:2106.08254, as
// timm's param_groups_layer_decay).
std::vector<ParameterGroup> parameter_groups(const Network& network, const Recipe& recipe);

// Sets requires_grad for `epoch`: the head always; with recipe.freeze nothing else; with
// recipe.unfreeze_epochs the blocks one after another from the head down (Howard and Ruder,
// arXiv:1801.06146), none in the first epoch and all from epoch unfreeze_epochs on.
void set_trainable(Network& network, const Recipe& recipe, int epoch);

}  // namespace graft
