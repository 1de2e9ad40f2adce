// The choice among several copies of a network in one file. Internal.
#pragma once

#include <cstddef>
#include <string_view>

namespace graft {

// Copies of a network in a file are tried in the order of this rank, which the copy's key determines
// ("ema.model"; empty for a copy at the root). By the last part of the key: state_dict, model,
// model_state_dict, module, net, network, weights, params, backbone, encoder, student; then the root; then
// any other key; last, averaged weights, if any part of the key names them (ema, teacher, shadow, momentum,
// target, encoder_k).
std::size_t copy_rank(std::string_view key);

}  // namespace graft
