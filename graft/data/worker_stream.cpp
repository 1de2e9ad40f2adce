// Workers take samples one by one in the order of the plan and write each into its slot in its batch, so that
// all work on the batch that is needed next and none waits for another. Taking a sample is one atomic
// addition; the lock is taken once per batch, by the worker that fills its last slot, and by a worker that
// has reached the prefetch limit.
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/core/threads.h"
#include "graft/data/buffer_pool.h"
#include "graft/data/epoch_plan.h"
#include "graft/data/pending_batch.h"

namespace graft {
namespace {

class WorkerStream : public BatchStream {
 public:
  WorkerStream(EpochPlan plan, std::size_t workers, std::size_t depth)
      : plan_(std::move(plan)),
        pool_(BufferPool::make(plan_.order.largest() * plan_.loader.image_floats())),
        ring_(std::min(depth, plan_.order.batches())) {
    open_ahead();
    start(std::min(workers, plan_.order.samples().size()));
  }

  ~WorkerStream() override { stop(); }
  WorkerStream(const WorkerStream&) = delete;
  WorkerStream& operator=(const WorkerStream&) = delete;

  std::optional<Batch> next() override {
    while (taken_ < plan_.order.batches()) {
      open_ahead();  // retry if memory was exhausted before
      const std::unique_ptr<PendingBatch> pending = take_next();
      open_ahead();
      Batch batch = pending->finish(plan_.loader, plan_.skip_bad, bad_);
      if (batch.count > 0 || plan_.empty_batches) return batch;
    }
    return std::nullopt;
  }

  const std::vector<BadImage>& bad() const override { return bad_; }

 private:
  // The consumer's side. A slot of the ring is reused only after its batch was taken.
  void open_ahead() {
    const std::size_t end = std::min(taken_ + ring_.size(), plan_.order.batches());
    for (std::size_t number = opened_.load(std::memory_order_relaxed); number < end; ++number) {
      ring_[number % ring_.size()] = std::make_unique<PendingBatch>(plan_.order.batch(number), pool_->take());
      {
        const std::lock_guard lock(mutex_);
        opened_.store(number + 1, std::memory_order_release);
      }
      room_.notify_all();
    }
  }

  std::unique_ptr<PendingBatch> take_next() {
    std::unique_ptr<PendingBatch>& place = ring_[taken_ % ring_.size()];
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [&] { return place->complete(); });
    ++taken_;
    return std::move(place);
  }

  void start(std::size_t workers) {
    try {
      while (threads_.size() < workers) threads_.emplace_back([this] { work(); });
    } catch (const std::system_error& error) {
      const std::string started = counted(threads_.size(), "thread");
      stop();
      throw Error("`workers`", "only " + started + " can be started: " + error.what(), "use fewer");
    }
  }

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_.store(true, std::memory_order_relaxed);
    }
    room_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  // The workers' side.
  void work() {
    give_way_to_compute();
    for (;;) {
      const std::size_t position = next_position_.fetch_add(1, std::memory_order_relaxed);
      if (position >= plan_.order.samples().size()) return;
      const auto [batch, slot] = plan_.order.place(position);
      if (!wait_until_open(batch)) return;
      if (ring_[batch % ring_.size()]->load(slot, plan_.loader)) announce();
    }
  }

  // False when the stream is being destroyed.
  bool wait_until_open(std::size_t number) {
    const auto open = [&] { return opened_.load(std::memory_order_acquire) > number; };
    const auto stopping = [&] { return stopping_.load(std::memory_order_relaxed); };
    if (!open() && !stopping()) {
      std::unique_lock lock(mutex_);
      room_.wait(lock, [&] { return open() || stopping(); });
    }
    return !stopping();
  }

  // The lock prevents a lost wakeup between the consumer's check and its wait.
  void announce() {
    { const std::lock_guard lock(mutex_); }
    ready_.notify_one();
  }

  const EpochPlan plan_;
  const std::shared_ptr<BufferPool> pool_;
  std::vector<std::unique_ptr<PendingBatch>> ring_;  // batch n is at n modulo the ring's size
  std::atomic<std::size_t> opened_ = 0;              // batches that may be filled; written by the consumer
  std::atomic<std::size_t> next_position_ = 0;       // in the order, for the next worker
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::condition_variable room_;   // opened_ or stopping_ has changed
  std::condition_variable ready_;  // a batch is complete
  std::size_t taken_ = 0;
  std::vector<BadImage> bad_;
  std::vector<std::thread> threads_;
};

}  // namespace

std::unique_ptr<BatchStream> worker_stream(EpochPlan plan, std::size_t workers, std::size_t depth) {
  return std::make_unique<WorkerStream>(std::move(plan), workers, depth);
}

}  // namespace graft
