// The quantisation of a model for export, with its metric before and after. Internal.
#pragma once

#include <string>

#include "graft/models/model_file.h"
#include "graft/onnx/graph.h"
#include "graft/session/evaluation_data.h"
#include "graft/session/model_files.h"

namespace graft {

// Quantises the graph of the model (network_graph.h). The ranges of values come from pictures of the data
// that the metric is not measured on; from all if there are no others. If the primary metric falls by more
// than options.max_drop, the layers that change the logits most stay in float32, as many as are needed.
// Returns a sentence for people with the metric before and after and these layers. Throws Error if half of
// the layers are not enough, and as open_evaluation_data().
std::string quantize_model(OnnxGraph& graph, const Model& model, const EvaluationRequest& data,
                           const Int8Options& options, const Observer& observer);

}  // namespace graft
