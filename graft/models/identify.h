// What a file of weights is of, by its tensors alone.
#pragma once

#include <string>

#include "graft/weights/state_dict.h"

namespace graft {

// The registry's name of the network with as many parameters, whatever its classes and its names; or empty.
// Any matrix with a bias may be the head, one that stands later in the file before one that stands earlier.
std::string identify_model(const StateDict& state);

}  // namespace graft
