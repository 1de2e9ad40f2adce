// torch.save before 1.6: five pickles in a row (magic number, protocol, system, object, keys), then the
// storages. Internal.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "graft/weights/state_dict.h"

namespace graft {

// Adds the file's tensors, views of `bytes`, to `state`. Throws Error.
void read_legacy_pth(std::span<const std::uint8_t> bytes, const std::string& where, StateDict& state);

}  // namespace graft
