#include "graft/serve/compute_lanes.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <utility>

#include "graft/device/device.h"

namespace graft {

ComputeLanes::ComputeLanes(int lanes) : cores_(at::get_num_threads()) {
  for (int i = 0; i < lanes; ++i) threads_.emplace_back([this, i] { work(i == 0); });
}

ComputeLanes::~ComputeLanes() {
  {
    const std::scoped_lock lock(mutex_);
    ends_ = true;
  }
  first_.notify_one();
  others_.notify_all();
}

void ComputeLanes::add(std::function<void()> task) {
  const std::scoped_lock lock(mutex_);
  tasks_.push_back(std::move(task));
  first_.notify_one();
  if (tasks_.size() > 1) others_.notify_one();
}

bool ComputeLanes::is_idle() const {
  const std::scoped_lock lock(mutex_);
  return running_ == 0 && tasks_.empty();
}

bool ComputeLanes::is_here() const {
  return std::any_of(threads_.begin(), threads_.end(), [](const std::jthread& thread) {
    return thread.get_id() == std::this_thread::get_id();
  });
}

void ComputeLanes::work(bool first) {
  std::unique_lock lock(mutex_);
  while (true) {
    // A task that is alone is left to the first lane, also while that ends another.
    const std::size_t least = first ? 1 : 2;
    (first ? first_ : others_).wait(lock, [&] { return ends_ || tasks_.size() >= least; });
    if (tasks_.empty()) return;
    const std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    const bool is_alone = running_++ == 0 && tasks_.empty();
    lock.unlock();
    set_threads_of_caller(first && (is_alone || threads_.size() == 1) ? cores_ : 1);
    task();
    lock.lock();
    --running_;
  }
}

}  // namespace graft
