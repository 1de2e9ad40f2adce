// What a pickle's calls make: storages, tensors, ordered dicts, and placeholders for all else. Internal.
#pragma once

#include <string>

#include "graft/weights/pickle.h"

namespace graft::pickle {

// What a persistent id stands for: the storage of ("storage", type, key, device, count), or the class of
// ("module", class, …), as torch.save before 1.6 wrote the classes of a whole module.
Value resolve(const Document& document, Index id, const std::string& where);

// What calling `function` with the tuple `arguments` gives in Python, as far as it is understood, else an
// Object; nothing is called. Throws Error where `function` is no name, or the arguments are not its own.
Value call(const Document& document, Index function, Index arguments, const std::string& where);

// The placeholder of a new object of the class `type`. Throws Error where that is no name.
Object make_object(const Document& document, Index type, const std::string& where);

// Gives an Object its attributes. Those of a dict are passed over: they are the versions of a state dict's
// modules ("_metadata") or somebody's own, and the items do not depend on them. Throws Error on any other
// value.
void set_state(Document& document, Index object, Index state, const std::string& where);

}  // namespace graft::pickle
