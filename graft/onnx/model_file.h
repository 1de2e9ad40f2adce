// The ONNX file of a graph.
#pragma once

#include <map>
#include <string>

#include "graft/onnx/graph.h"

namespace graft {

struct OnnxDescription {
  std::string name;         // of the graph
  std::string description;  // for people
  std::map<std::string, std::string> metadata;
};

// Whether this build can write ONNX files; else onnx_file() throws an Error that says how to get one.
bool can_write_onnx();

// The bytes of the file (IR version 8). Checked by ONNX's checker and by shape inference. Throws Error if
// they find a fault, and for a graph whose constants need more than 2 GiB, the limit of a protobuf message.
std::string onnx_file(const OnnxGraph& graph, const OnnxDescription& description);

}  // namespace graft
