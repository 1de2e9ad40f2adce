#include "graft/core/threads.h"

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>
#include <vector>

#ifdef __linux__
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace graft {

void give_way_to_compute() {
#ifdef __linux__
  // On Linux a thread has a nice value of its own. One that gives way already, or a refusal, is left as it
  // is.
  const auto self = static_cast<id_t>(::gettid());
  constexpr int background = 10;
  if (::getpriority(PRIO_PROCESS, self) < background) {
    static_cast<void>(::setpriority(PRIO_PROCESS, self, background));
  }
#endif
}

void for_each_on_threads(std::size_t count, std::size_t threads,
                         const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  const auto take = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::jthread> running;
  try {
    while (running.size() < std::min(threads, count)) running.emplace_back(take);
  } catch (const std::system_error&) {  // what there is does
  }
  if (running.empty()) take();
}

}  // namespace graft
