// What a file of weights is of, by its tensors alone.
#pragma once

#include <string>

#include "graft/weights/state_dict.h"

namespace graft {

// The head's weight (outputs × features), which is the only matrix among the tensors; null when there is none
// or more than one.
const TensorView* head_weight(const StateDict& state);

// The registry's name of the network with as many parameters, whatever its classes and its names; or empty.
std::string identify_model(const StateDict& state);

}  // namespace graft
