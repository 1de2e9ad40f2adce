#include "graft/deploy/network_graph.h"

#include "graft/deploy/fold_graph.h"
#include "graft/deploy/operators.h"
#include "graft/models/network.h"

namespace graft {

OnnxGraph graph_of(Network& network, int size) {
  const Recording recording = record_forward(network, size);
  std::map<const void*, std::string> names;
  for (const auto& part : {network.named_parameters(), network.named_buffers()}) {
    for (const auto& each : part) names[each.value().const_data_ptr()] = each.key();
  }
  GraphBuilder builder(recording, std::move(names));
  for (const Call& call : recording.calls) add_operator(builder, call);
  OnnxGraph graph = builder.finish(recording.logits);
  fold(graph);
  return graph;
}

}  // namespace graft
