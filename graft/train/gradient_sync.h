// The seam between the processes that train one network together: rank r of world_size computes the gradients
// of its part of each batch (LoaderPass::rank), the gradients of all are added up, and every rank takes the
// same step.
//
// Every rank makes the same calls in the same order, each of which waits for the others. Where a rank throws
// between them, it is for the implementation to end the others.
//
// What is each rank's own: the statistics of batch norm within an epoch (at its end they are averaged) and
// the pairs that pictures are mixed in (mix.h). A probe is fitted by every rank on all pictures.
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
  // The ranks' tensors, by rank: of one dimension and one type on the CPU, of any lengths.
  virtual std::vector<torch::Tensor> gather(const torch::Tensor& tensor) = 0;
};

// One process alone: nothing is added or awaited.
GradientSync& single_process();

std::int64_t sum_over_ranks(GradientSync& sync, std::int64_t number);
// Whether it holds on any rank.
bool any_rank(GradientSync& sync, bool holds);

}  // namespace graft
