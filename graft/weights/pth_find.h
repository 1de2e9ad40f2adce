// Finds the weights in an unpickled file. Internal.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "graft/weights/pickle.h"

namespace graft {

// One state dict of a file.
struct StateEntries {
  struct Entry {
    std::string name;
    pickle::Index value = 0;  // of any kind
  };
  std::vector<Entry> entries;  // names are UTF-8 and unique
  std::string key;             // as StateDict::key
  std::vector<std::string> other_keys;
  std::string module;                           // as StateDict::module
  std::map<std::string, std::string> metadata;  // "arch" and "architecture" of the enclosing dicts
};

// A state dict is a dict that holds tensors under dotted names (or any dict that holds tensors, if the file
// has none with dotted names), at the root or at most four containers deep; or a module, whose parameters and
// buffers are named as in its state_dict(). State dicts with fewer than half as many tensors as the largest
// are ignored. Of several, takes the first by copy_rank() of their keys (copies.h), then the one with the
// most tensors, then the first in the file. Throws Error if there is none, or if a name is not UTF-8 or is
// not unique.
StateEntries find_entries(const pickle::Document& document, const std::string& where);

}  // namespace graft
