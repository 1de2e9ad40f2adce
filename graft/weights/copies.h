// Which of several copies of a network in one file is meant. Internal.
#pragma once

#include <cstddef>
#include <string_view>

namespace graft {

// The copies of a file are tried in the order of this rank, by the key that a copy stands under ("ema.model",
// empty for a copy at the root): state_dict, model, model_state_dict, module, net, network, weights, params,
// backbone, encoder, student, by the last part of the key; then the root; then any other key; at last
// averaged weights, where any part of the key says so (ema, teacher, shadow, momentum, target).
std::size_t copy_rank(std::string_view key);

}  // namespace graft
