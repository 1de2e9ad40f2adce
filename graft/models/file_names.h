// How a file's tensor names become a network's: by the network's own names, whatever stands before them.
// Internal.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "graft/models/network.h"
#include "graft/models/registry.h"
#include "graft/weights/state_dict.h"

namespace graft {

// A file's tensors, sorted by what they are to a network.
struct FittedNames {
  std::map<std::string, const TensorView*> views;  // by the network's names
  std::map<std::string, std::string> unread;       // the network's name → what the file has in its place
  std::vector<std::string> unknown;         // within the backbone, where the network has no such tensor
  std::vector<std::string> outside;         // beside the network's own layers, or in place of its head
  std::vector<std::string> other_entries;   // outside too, and no tensors: "version (a number)"
  std::string prefix;                       // before each of the network's names: "model."
  std::vector<std::string> other_prefixes;  // before those of other copies of the network
  bool renamed = false;                     // the names are another library's
};

// The prefix is what stands before most of the backbone's names, a tenth of them or more; of several copies
// of the network the first by copy_rank() (graft/weights/copies.h) is taken, whatever their order in the
// file. Left out before that, wherever they stand, are the parts of a name that wrappers put there: "module"
// (DataParallel) and what begins with an underscore (torch.compile's "_orig_mod", "_fsdp_wrapped_module"),
// unless the network has such a part itself, and unless a copy with them stands beside one without.
FittedNames fit_names(const Network& network, const ModelSpec& spec, const StateDict& state);

// The key that a copy of a network stands under: a prefix without its last dot.
std::string key_of_prefix(const std::string& prefix);

// "float32 64×3×7×7"
std::string describe(const TensorView& view);

// The registry's name of the network with as many parameters, whatever its classes and its names; or empty.
// Any matrix with a bias may be the head, one that stands later in the file before one that stands earlier.
std::string identify_model(const StateDict& state);

}  // namespace graft
