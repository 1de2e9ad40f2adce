// step_graph.h by CUDA graphs, as torch.cuda.graph does it.
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

#include "graft/device/step_graph.h"
#include "graft/device/warm_up.h"

namespace graft {
namespace {

// cuDNN's benchmark and cuBLAS's workspaces are done with after the first run; the others are for what is
// made late, such as the gradients' memory.
constexpr int warm_ups = 3;

class CudaStepGraph : public StepGraph {
 public:
  // The current stream must not be the default one.
  void record(const std::function<void()>& work) {
    graph_.capture_begin();
    try {
      work();
    } catch (...) {
      end_a_failed_capture();
      throw;
    }
    graph_.capture_end();
  }

  void replay() override { graph_.replay(); }

 private:
  // The stream must leave the capture; that the graph is invalid is known.
  void end_a_failed_capture() {
    try {
      graph_.capture_end();
    } catch (const c10::Error&) {
    }
  }

  at::cuda::CUDAGraph graph_;
};

}  // namespace

bool can_record(const torch::Device& device) { return device.is_cuda(); }

std::unique_ptr<StepGraph> record_step(const torch::Device& device, const std::vector<torch::Tensor>& state,
                                       const std::function<void()>& work) {
  if (!can_record(device)) return nullptr;
  const c10::cuda::CUDAGuard on_device(device);
  // Work on the default stream cannot be recorded, and what is warmed up belongs to a stream. Each of the two
  // streams must see what the other has done.
  const auto side = c10::cuda::getStreamFromPool(/*isHighPriority=*/false, device.index());
  c10::cuda::getCurrentCUDAStream(device.index()).synchronize();
  const c10::cuda::CUDAStreamGuard on_side(side);
  warm_up(state, work, warm_ups);
  side.synchronize();
  // The warm-up's memory is of no use to another stream.
  c10::cuda::CUDACachingAllocator::emptyCache();
  auto graph = std::make_unique<CudaStepGraph>();
  try {
    graph->record(work);
  } catch (const c10::Error&) {
    return nullptr;
  }
  return graph;
}

}  // namespace graft
