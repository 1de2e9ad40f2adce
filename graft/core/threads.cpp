#include "graft/core/threads.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <latch>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#ifdef __linux__
#include <sys/resource.h>
#include <unistd.h>
#endif

#include "graft/core/processors.h"

namespace graft {

void give_way_to_compute() {
#ifdef __linux__
  // On Linux each thread has its own nice value. A thread that is already nice, or a refusal, is left as it
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
  std::exception_ptr failure;
  std::once_flag failed;
  const auto take = [&] {
    try {
      for (std::size_t i = next++; i < count; i = next++) work(i);
    } catch (...) {
      std::call_once(failed, [&] { failure = std::current_exception(); });
      next = count;
    }
  };
  const auto wanted = static_cast<std::size_t>(bounded_threads(static_cast<int>(std::min(threads, count))));
  std::vector<std::jthread> running;
  try {
    while (running.size() < wanted) running.emplace_back(take);
  } catch (const std::system_error&) {  // the threads already started do all the work
  }
  if (running.empty()) take();
  running.clear();  // waits for them
  if (failure) std::rethrow_exception(failure);
}

int startable_threads(int wanted) {
  std::latch all_started(1);
  std::vector<std::jthread> running;
  try {
    while (static_cast<int>(running.size()) < wanted) running.emplace_back([&] { all_started.wait(); });
  } catch (const std::system_error&) {  // the result is the number already started
  }
  all_started.count_down();
  return static_cast<int>(running.size());
}

}  // namespace graft
