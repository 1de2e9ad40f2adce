// A state dict into a network, by name and shape, strictly.
#pragma once

#include <cstdint>
#include <string>

#include "graft/core/progress.h"
#include "graft/models/network.h"
#include "graft/models/registry.h"
#include "graft/models/state.h"
#include "graft/weights/state_dict.h"

namespace graft {

struct LoadReport {
  std::string prefix;             // the prefix that was taken off every name: "module.", or empty
  bool renamed = false;           // names of another library were understood
  bool head_replaced = false;     // the file's head had another number of classes: the network keeps its own
  std::int64_t file_classes = 0;  // outputs of the file's head; 0 where there was no file
};

// Copies every tensor of `state` into `network` (parameters and buffers, converted to the network's dtype).
// Names may carry a prefix (module., backbone., model., _orig_mod., in any combination) and another library's
// spelling. A head of another size is left out and reported. `num_batches_tracked` may be absent. Missing,
// extra or misshapen tensors, and values that are not finite, are one Error that lists them; the network is
// then unchanged. `where` names the file in messages.
LoadReport load_state(Network& network, const ModelSpec& spec, const StateDict& state,
                      const std::string& where);

// A network of as many outputs as the file's head has, with all that the file holds. On the CPU, in train
// mode.
struct LoadedNetwork {
  NetworkPtr network;
  std::string weights;  // for people and records: "IMAGENET1K_V1 (…/resnet18-f37072fd.pth)", "none"
  LoadReport report;
};
LoadedNetwork build_from_state(const ModelSpec& spec, const StateDict& state, const std::string& where);

// A network with the weights that `--weights` names, on the CPU, in train mode:
//   "default"       the registry's, from the hub cache or its address
//   "none"          random values, from torch's generator
//   an http(s) URL  kept in the hub cache
//   a file          .pth or .safetensors
//   a run folder    its model
// Its head is the file's where that has `classes` outputs, else new.
// Throws Error, and UsageError where no default weights are known. Where the registry's cannot be fetched,
// the advice names the models whose weights are at hand.
inline constexpr std::int64_t classes_of_file = 0;  // as many as the file has (1000 for "none")
LoadedNetwork build_with_weights(const ModelSpec& spec, std::int64_t classes, const std::string& weights,
                                 const ProgressCallback& progress = {});

}  // namespace graft
