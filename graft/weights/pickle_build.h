// What a pickle's few permitted calls make: storages, tensors, ordered dicts. Internal.
#pragma once

#include <string>

#include "graft/weights/pickle.h"

namespace graft::pickle {

// The storage that a persistent id stands for: ("storage", type, key, device, count).
Storage make_storage(const Document& document, Index id, const std::string& where);

// What calling `function` with the tuple `arguments` gives in Python. Throws Error where it is no function
// that may be called, or the arguments are not its own.
Value call(const Document& document, Index function, Index arguments, const std::string& where);

// An ordered dict may be given attributes in one case: "_metadata", the versions of a state dict's modules,
// of which reading has no use. Throws Error on any other.
void check_attributes(const Document& document, Index object, Index attributes, const std::string& where);

}  // namespace graft::pickle
