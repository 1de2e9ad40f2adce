// Where in an unpickled file the weights are. Internal.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "graft/weights/pickle.h"

namespace graft {

// One state dict of a file, by its names.
struct StateEntries {
  struct Entry {
    std::string name;
    pickle::Index value = 0;  // of any kind
  };
  std::vector<Entry> entries;  // names are UTF-8 and unique
  std::string key;             // as StateDict::key
  std::vector<std::string> other_keys;
  std::map<std::string, std::string> metadata;  // "arch" and "architecture" of the dicts around it
};

// A state dict is a dict that holds tensors under dotted names (where a file has none such, any dict that
// holds tensors), at the root or at most four containers deep; or a module, whose parameters and buffers are
// named as its own state_dict() does. Those that hold fewer than half as many tensors as the largest are
// passed over. Of several the first by copy_rank() of their keys (copies.h) is taken; within a rank the
// one of more tensors, then the first in the file. Throws Error where there is none, and where a name is not
// UTF-8 or there twice.
StateEntries find_entries(const pickle::Document& document, const std::string& where);

}  // namespace graft
