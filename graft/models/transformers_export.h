// A network's tensors under the names of the Python package transformers. Internal.
#pragma once

#include "graft/models/network.h"
#include "graft/models/registry.h"
#include "graft/weights/state_dict.h"

namespace graft {

// Whether transformers has a classifier that computes the same: it has ViT, ConvNeXt, ConvNeXt V2, ResNet and
// Swin.
bool is_in_transformers(const ModelSpec& spec);

// The names are those in transformers' files ("vit.encoder.layer.0.attention.attention.query.weight"), which
// its from_pretrained() reads. Throws UsageError for a model that is not in transformers.
StateDict transformers_state(const Network& network, const ModelSpec& spec);

}  // namespace graft
