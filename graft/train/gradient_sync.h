// The interface for data-parallel training in several processes: rank r of world_size computes the gradients
// of its part of each batch (LoaderPass::rank), the gradients of all ranks are summed, and every rank takes
// the same step.
//
// Every rank makes the same calls in the same order; each call waits for the other ranks. If a rank throws
// between calls, the implementation must end the others.
//
// Not synchronised are the statistics of batch norm within an epoch (they are averaged at its end) and the
// pairs of mixed images (mix.h). Every rank fits a probe on all pictures.
#pragma once

#include <cstdint>
#include <vector>

#include "graft/device/torch.h"

namespace graft {

class GradientSync {
 public:
  virtual ~GradientSync() = default;
  virtual int rank() const = 0;
  virtual int world_size() const = 0;
  // Replaces each tensor by its sum over the ranks. The ranks' tensors have the same shapes and types.
  virtual void sum(const std::vector<torch::Tensor>& tensors) = 0;
  // The ranks' tensors, by rank: one-dimensional, of one type, on the CPU, of any length.
  virtual std::vector<torch::Tensor> gather(const torch::Tensor& tensor) = 0;
};

// For a single process: no synchronisation.
GradientSync& single_process();

std::int64_t sum_over_ranks(GradientSync& sync, std::int64_t number);
// Whether `holds` is true on any rank.
bool any_rank(GradientSync& sync, bool holds);

}  // namespace graft
