#include <utility>

#include "graft/data/buffer_pool.h"
#include "graft/data/epoch_plan.h"
#include "graft/data/pending_batch.h"

namespace graft {
namespace {

class DirectStream : public BatchStream {
 public:
  explicit DirectStream(EpochPlan plan)
      : plan_(std::move(plan)),
        pool_(BufferPool::make(plan_.order.largest() * plan_.loader.image_floats())) {}

  std::optional<Batch> next() override {
    while (taken_ < plan_.order.batches()) {
      const auto indices = plan_.order.batch(taken_++);
      PendingBatch pending(indices, pool_->take());
      for (std::size_t slot = 0; slot < indices.size(); ++slot) pending.load(slot, plan_.loader);
      Batch batch = pending.finish(plan_.loader, plan_.skip_bad, bad_);
      if (batch.count > 0 || plan_.empty_batches) return batch;
    }
    return std::nullopt;
  }

  const std::vector<BadImage>& bad() const override { return bad_; }

 private:
  EpochPlan plan_;
  std::shared_ptr<BufferPool> pool_;
  std::size_t taken_ = 0;
  std::vector<BadImage> bad_;
};

}  // namespace

std::unique_ptr<BatchStream> direct_stream(EpochPlan plan) {
  return std::make_unique<DirectStream>(std::move(plan));
}

}  // namespace graft
