// Without ONNX's libraries.
#include "graft/core/error.h"
#include "graft/onnx/model_file.h"

namespace graft {

bool can_write_onnx() { return false; }

std::string onnx_file(const OnnxGraph&, const OnnxDescription&) {
  throw Error("the ONNX model", "cannot be written: this graft was built without ONNX's libraries",
              "install libonnx-dev and libprotobuf-dev, and build it again");
}

}  // namespace graft
