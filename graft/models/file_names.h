// Maps a file's tensor names to a network's: by the network's own names, with any prefix. Internal.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "graft/models/network.h"
#include "graft/models/registry.h"
#include "graft/weights/state_dict.h"

namespace graft {

// A file's tensors, sorted by their role in a network.
struct FittedNames {
  std::map<std::string, const TensorView*> views;  // by the network's names
  std::map<std::string, std::string> unread;       // the network's name → what the file has in its place
  std::vector<std::string> unknown;                // within the backbone, but not in the network
  // By the file's names: beside the network's own layers, or in place of its head.
  std::vector<std::pair<std::string, const TensorView*>> outside;
  std::vector<std::string> other_entries;   // outside too, and not tensors: "version (a number)"
  std::string prefix;                       // before each of the network's names: "model."
  std::vector<std::string> other_prefixes;  // the prefixes of other copies of the network
  bool renamed = false;                     // the names are those of another library
};

// The prefix is the one that most of the backbone's names have, at least a tenth of them. If the file holds
// several copies of the network, the first by copy_rank() (graft/weights/copies.h) is read, whatever their
// order in the file. The parts of a name that wrappers add are removed first, at any position: "module"
// (DataParallel) and parts that begin with an underscore (torch.compile's "_orig_mod",
// "_fsdp_wrapped_module"), unless the network itself has such a part, or the file holds both a copy with them
// and one without.
FittedNames fit_names(const Network& network, const ModelSpec& spec, const StateDict& state);

// The key of a copy of a network in a file: a prefix without its last dot.
std::string key_of_prefix(const std::string& prefix);

// "float32 64×3×7×7"
std::string describe(const TensorView& view);

// The registry's name of the network with the same number of parameters, whatever its classes and tensor
// names; or empty. Any matrix may be the head, with its bias if it has one; later ones in the file are tried
// first.
std::string identify_model(const StateDict& state);

}  // namespace graft
