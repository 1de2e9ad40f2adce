// step_graph.h, implemented with CUDA graphs as torch.cuda.graph is.
#include <ATen/cuda/CUDAGeneratorImpl.h>
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <cuda_runtime_api.h>

#include <mutex>

#include "graft/device/step_graph.h"
#include "graft/device/warm_up.h"

namespace graft {
namespace {

// cuDNN's benchmark and cuBLAS's workspaces are complete after the first run; the other runs cover later
// allocations, such as the gradients' memory.
constexpr int warm_ups = 3;

class CudaStepGraph : public StepGraph {
 public:
  // The current stream must not be the default one.
  void record(const std::function<void()>& work) {
    graph_.capture_begin(pool_);
    try {
      work();
      graph_.capture_end();
    } catch (...) {
      end_failed_capture();
      throw;
    }
  }

  void replay() override { graph_.replay(); }

 private:
  // A capture that fails leaves three things in the capturing state, and libtorch (2.11) resets none of them:
  // the stream, the allocator, which then neither returns cached memory nor retries when memory is short, and
  // the random generator, which then refuses to draw.
  void end_failed_capture() const {
    const auto stream = c10::cuda::getCurrentCUDAStream();
    cudaGraph_t invalid = nullptr;
    cudaStreamEndCapture(stream, &invalid);
    if (invalid != nullptr) cudaGraphDestroy(invalid);
    cudaGetLastError();
    try {
      c10::cuda::CUDACachingAllocator::endAllocateToPool(stream.device_index(), pool_);
      c10::cuda::CUDACachingAllocator::releasePool(stream.device_index(), pool_);
    } catch (const c10::Error&) {
      // The capture ended before it failed.
    }
    at::Generator generator = at::cuda::detail::getDefaultCUDAGenerator(stream.device_index());
    const std::lock_guard lock(generator.mutex());
    generator.graphsafe_set_state(generator.clone());
  }

  c10::MempoolId_t pool_ = at::cuda::graph_pool_handle();
  at::cuda::CUDAGraph graph_;
};

}  // namespace

bool can_record(const torch::Device& device) { return device.is_cuda(); }

std::unique_ptr<StepGraph> record_step(const torch::Device& device, const std::vector<torch::Tensor>& state,
                                       const std::function<void()>& work) {
  if (!can_record(device)) return nullptr;
  const c10::cuda::CUDAGuard on_device(device);
  // Work on the default stream cannot be recorded, and the warm-up's results belong to a stream. Each of the
  // two streams must see the work of the other.
  const auto side = c10::cuda::getStreamFromPool(/*isHighPriority=*/false, device.index());
  c10::cuda::getCurrentCUDAStream(device.index()).synchronize();
  const c10::cuda::CUDAStreamGuard on_side(side);
  warm_up(state, work, warm_ups);
  side.synchronize();
  // Another stream cannot use the warm-up's memory.
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
