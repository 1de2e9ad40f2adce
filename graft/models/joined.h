// Several networks as one: "efficientnet_lite2+efficientnet_lite0". Each part sees the same images, and the
// linear head reads the features of all of them, one after another. Its tensors have the number of the part
// before their names ("0._conv_stem.weight"); the parts have no heads of their own. Internal.
#pragma once

#include <string>

#include "graft/core/progress.h"
#include "graft/models/load.h"
#include "graft/models/registry.h"

namespace graft {

inline constexpr char joined_by = '+';
inline bool is_joined(const std::string& name) { return name.find(joined_by) != std::string::npos; }

// The registry line of the networks whose names `name` joins. The preprocess is that of the part with the
// largest images; the others take images of this size, normalised as their own weights need. The reference
// stays valid until the program ends; thread-safe. Throws UsageError for an unknown name, a network named
// twice, and networks that cannot be joined: those without a linear head, or whose features are not maps of
// one grid.
const ModelSpec& joined_model(const std::string& name);

// The default weights of every part.
FoundWeights joined_weights(const ModelSpec& spec, const ProgressCallback& progress);

}  // namespace graft
