// A network's parameters as the optimiser gets them: with learning rates that fall towards the input, without
// weight decay where it is not wanted; and which of them learn in an epoch.
#pragma once

#include <vector>

#include "graft/device/torch.h"
#include "graft/models/network.h"
#include "graft/train/optimizer.h"
#include "graft/train/recipe.h"

namespace graft {

// What the optimiser is to move: the head, and without recipe.freeze the backbone. Of n groups before the
// head (Network::groups) the i-th from the head down learns at recipe.backbone_lr · recipe.layer_decay^i of
// the rate (BEiT, arXiv:2106.08254, as timm's param_groups_layer_decay).
std::vector<ParameterGroup> parameter_groups(const Network& network, const Recipe& recipe);

// Sets requires_grad for `epoch`: the head always; with recipe.freeze nothing else; with
// recipe.unfreeze_epochs the groups before it one after another from the head down (Howard and Ruder,
// arXiv:1801.06146), none in the first epoch and all from epoch unfreeze_epochs on.
void set_trainable(Network& network, const Recipe& recipe, int epoch);

}  // namespace graft
