// A state dict into a network, by name and shape, strictly; and out of it.
#pragma once

#include <string>
#include <vector>

#include "graft/models/network.h"
#include "graft/models/registry.h"
#include "graft/weights/state_dict.h"

namespace graft {

struct LoadReport {
  std::string prefix;           // the prefix that was taken off every name: "module.", or empty
  bool renamed = false;         // names of another library were understood
  bool head_replaced = false;   // the file's head had another number of classes: the network keeps its own
  std::int64_t file_classes = 0;  // outputs of the file's head
};

// Copies every tensor of `state` into `network` (parameters and buffers, converted to the network's dtype). Names may
// carry a prefix (module., backbone., model., in any combination) and another library's spelling. A head of another
// size is left out and reported. `num_batches_tracked` may be absent. Missing, extra or misshapen tensors, and
// values that are not finite, are one Error that lists them; the network is then unchanged.
LoadReport load_state(Network& network, const ModelSpec& spec, const StateDict& state, const std::string& where);

// Names and tensors on the CPU, contiguous, parameters and buffers in the reference's state_dict order.
// The views stay valid while the result lives.
StateDict state_of(const Network& network);

// What `--weights` may say → a network of `classes` outputs with those weights, its head new where the sizes differ.
// "default": the registry's, from the hub cache or its address; "none": random initialisation; a file; an
// http(s) URL.
struct LoadedNetwork {
  NetworkPtr network;
  std::string weights;  // a name for people and records: "IMAGENET1K_V1 (…/resnet18-f37072fd.pth)", "none"
  LoadReport report;
};
LoadedNetwork build_with_weights(const ModelSpec& spec, std::int64_t classes, const std::string& weights,
                                 const ProgressCallback& progress = {});

}  // namespace graft
