// The operators that a forward pass of a network calls, with their arguments, observed through libtorch's
// RecordFunction. Two passes with different numbers of images show which sizes depend on that number.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "graft/device/torch.h"

namespace graft {

class Network;

// A number that may depend on the number of images: fixed + each · images. One of the two is 0.
struct Extent {
  std::int64_t fixed = 0, each = 0;
  bool operator==(const Extent&) const = default;
};
using Extents = std::vector<Extent>;

using ValueId = std::size_t;  // an index of Recording::values

// An argument of an operator: none, a tensor, a list of tensors, integers (a bool is one), a float, floats or
// a text. A single integer is a list of one.
using Argument = std::variant<std::monostate, ValueId, std::vector<ValueId>, Extents, double,
                              std::vector<double>, std::string>;

struct Call {
  std::string op;  // "conv2d", "add.Tensor": without the namespace "aten::"; other namespaces are kept
  std::vector<Argument> arguments;  // all of the schema, with defaults
  std::vector<ValueId> results;
};

struct RecordedValue {
  Extents shape;
  torch::ScalarType dtype = torch::kFloat32;
  torch::Tensor constant = {};  // defined if it does not depend on the images
};

struct Recording {
  std::vector<RecordedValue> values;  // the first is the images
  std::vector<Call> calls;            // in order; those that compute constants are left out
  ValueId logits = 0;
};

// Records forward() for images N×3×size×size. The network must be on the CPU, in eval mode and not prepared
// for inference. Throws Error where the network cannot be described by its operators: if it calls others for
// another number of images, reads values of tensors, or uses a tensor after an operator has written into a
// view of it.
Recording record_forward(Network& network, int size);

// Different values of the range of normalised pixels: count×3×size×size.
torch::Tensor trial_images(std::int64_t count, int size);

}  // namespace graft
