// The results of a pickle's calls: storages, tensors, ordered dicts, placeholders for the rest. Internal.
#pragma once

#include <string>

#include "graft/weights/pickle.h"

namespace graft::pickle {

// The value of a persistent id: the storage of ("storage", type, key, device, count), or the class of
// ("module", class, …), the form of torch.save before 1.6 for the classes of a whole module.
Value resolve(const Document& document, Index id, const std::string& where);

// The result of calling `function` with the tuple `arguments` in Python if it is supported, else an Object;
// nothing is called. Throws Error if `function` is not a name or the arguments do not match it.
Value call(const Document& document, Index function, Index arguments, const std::string& where);

// The placeholder of a new object of the class `type`. Throws Error if `type` is not a name.
Object make_object(const Document& document, Index type, const std::string& where);

// Sets an Object's attributes. Ignores those of a dict: they are the versions of a state dict's modules
// ("_metadata") or user-defined, and do not affect the items. Throws Error for any other value.
void set_state(Document& document, Index object, Index state, const std::string& where);

}  // namespace graft::pickle
