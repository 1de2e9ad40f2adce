// step_graph.h without CUDA's headers.
#include "graft/device/step_graph.h"

namespace graft {

bool can_record(const torch::Device&) { return false; }

std::unique_ptr<StepGraph> record_step(const torch::Device&, const std::vector<torch::Tensor>&,
                                       const std::function<void()>&) {
  return nullptr;
}

}  // namespace graft
