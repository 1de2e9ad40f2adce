// The ONNX forms of libtorch's operators.
#pragma once

#include "graft/deploy/graph_builder.h"

namespace graft {

// Adds the nodes of a call and names its results. Throws Error for an operator, or arguments of it, without
// an ONNX form here.
void add_operator(GraphBuilder& builder, const Call& call);

}  // namespace graft
