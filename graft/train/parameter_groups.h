// A network's parameter groups for the optimiser, with layer-wise learning rates and exceptions from weight
// decay, and the parameters that are trained in an epoch.
#pragma once

#include <vector>

#include "graft/device/torch.h"
#include "graft/models/network.h"
#include "graft/train/optimizer.h"
#include "graft/train/recipe.h"

namespace graft {

// The head's parameters, and without recipe.freeze the backbone's. The learning rate of the i-th backbone
// group (Network::groups), counted from the head down, is multiplied by recipe.backbone_lr ·
// recipe.layer_decay^i (BEiT, arXiv:2106.08254, as in timm's param_groups_layer_decay).
std::vector<ParameterGroup> parameter_groups(const Network& network, const Recipe& recipe);

// Sets requires_grad for `epoch`: the head always; with recipe.freeze nothing else; with
// recipe.unfreeze_epochs the groups before it one after another from the head down (Howard and Ruder,
// arXiv:1801.06146), none in the first epoch and all from epoch unfreeze_epochs on.
void set_trainable(Network& network, const Recipe& recipe, int epoch);

}  // namespace graft
