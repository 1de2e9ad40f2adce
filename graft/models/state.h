// A network's parameters and buffers as named tensors, in the order of the reference's state_dict().
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "graft/weights/state_dict.h"

namespace graft {

// The network's own tensors, to read and to write: a module's parameters, then its buffers, then its
// children.
std::vector<std::pair<std::string, torch::Tensor>> named_tensors(const torch::nn::Module& network);

// How many numbers its parameters hold; buffers are not counted.
std::int64_t count_parameters(const torch::nn::Module& network);

// Names and tensors on the CPU, contiguous. The views stay valid while the result lives; those of a network
// on the CPU see its later changes. Throws Error for a dtype that no file holds.
StateDict state_of(const torch::nn::Module& network);

// A contiguous tensor on the CPU as a file takes it; it must outlive the view. Throws Error for a dtype that
// no file holds.
TensorView view_of(const torch::Tensor& tensor);

// The tensor that `view` shows, on the CPU; it uses the view's memory where that is aligned.
torch::Tensor to_tensor(const TensorView& view);

}  // namespace graft
