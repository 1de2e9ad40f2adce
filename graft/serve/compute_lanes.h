// The threads that compute the networks of a server. Internal.
//
// On a CPU two images take less time on a core each than one after the other on two cores, because no core
// waits for the other after each layer; an image that is alone is answered sooner by all cores. So the first
// lane computes with all cores if it is alone, and every lane with one core otherwise. Only the first lane
// ever starts threads of OpenMP: these wait for work without sleeping only as long as there are no more of
// them than cores.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace graft {

class ComputeLanes {
 public:
  // 1 for an accelerator, whose tasks gain nothing from each other's company; for a CPU the number of compute
  // threads (set_compute_threads()).
  explicit ComputeLanes(int lanes);
  // Works off the tasks that are left.
  ~ComputeLanes();
  ComputeLanes(const ComputeLanes&) = delete;
  ComputeLanes& operator=(const ComputeLanes&) = delete;

  // Tasks begin in the order in which they are added. `task` must not throw.
  void add(std::function<void()> task);

  std::size_t size() const { return threads_.size(); }
  // Whether no task runs or waits. It may no longer be so when the function returns.
  bool is_idle() const;
  // Whether the caller is one of the lanes.
  bool is_here() const;

 private:
  void work(bool first);

  int cores_;
  mutable std::mutex mutex_;
  std::condition_variable first_, others_;
  std::deque<std::function<void()>> tasks_;
  std::size_t running_ = 0;
  bool ends_ = false;
  std::vector<std::jthread> threads_;  // last: they use the other members
};

}  // namespace graft
