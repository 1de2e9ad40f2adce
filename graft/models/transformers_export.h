// A network's tensors under the names of the Python package transformers. Internal.
#pragma once

#include "graft/models/network.h"
#include "graft/models/registry.h"
#include "graft/weights/state_dict.h"

namespace graft {

// The names are those in transformers' files ("vit.encoder.layer.0.attention.attention.query.weight"), which
// its from_pretrained() reads. Throws UsageError for a model that transformers does not have as a classifier:
// it has ViT, ConvNeXt, ConvNeXt V2, ResNet and Swin.
StateDict transformers_state(const Network& network, const ModelSpec& spec);

}  // namespace graft
